"""Writing TorchScript files."""

import os
import tempfile

import torch


def save_script(encoder, path):
    """Saves as TorchScript, without the debug records: they carry the absolute path of the source file."""
    with tempfile.TemporaryDirectory() as folder:
        whole = os.path.join(folder, os.path.basename(path))
        torch.jit.script(encoder).save(whole)
        reader, writer = torch._C.PyTorchFileReader(whole), torch._C.PyTorchFileWriter(path)
        for name in reader.get_all_records():
            # The writer adds the version itself.
            if name != "version" and not name.endswith(".debug_pkl"):
                record = reader.get_record(name)
                writer.write_record(name, record, len(record))
        writer.write_end_of_file()
