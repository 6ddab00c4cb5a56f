package dev.lychee.rerank.job;

import dev.lychee.rerank.schemas.flow.SinkRecord;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.reader.SimpleStreamFormat;
import org.apache.flink.connector.file.src.reader.StreamFormat;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.jspecify.annotations.Nullable;

/** Candidate sets from a file of JSON lines, results and dead letters to folders of part files. */
final class FileConnectors {

    private FileConnectors() {}

    static Source<SourceRecord, ?, ?> candidateSets(String file, int maxRecordBytes) {
        return FileSource.forRecordStreamFormat(
                        new JsonLinesFormat(file, maxRecordBytes), new Path(file))
                .build();
    }

    static Sink<SinkRecord> sink(String folder) {
        return FileSink.forRowFormat(new Path(folder), new NumberedLineEncoder())
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .withOutputFileConfig(OutputFileConfig.builder().withPartSuffix(".tsv").build())
                .build();
    }

    /** One record per line, its bytes untouched; blank lines are skipped. */
    static final class JsonLinesFormat extends SimpleStreamFormat<SourceRecord> {

        private final String file;
        private final int maxRecordBytes;

        JsonLinesFormat(String file, int maxRecordBytes) {
            this.file = file;
            this.maxRecordBytes = maxRecordBytes;
        }

        @Override
        public LineReader createReader(Configuration config, FSDataInputStream stream) {
            return new LineReader(file, maxRecordBytes, stream);
        }

        @Override
        public TypeInformation<SourceRecord> getProducedType() {
            return TypeInformation.of(SourceRecord.class);
        }
    }

    private static final class LineReader implements StreamFormat.Reader<SourceRecord> {

        private static final int BUFFER_BYTES = 64 * 1024;

        private final String file;
        private final int maxRecordBytes;
        private final InputStream stream;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private long lineNumber;

        LineReader(String file, int maxRecordBytes, FSDataInputStream stream) {
            this.file = file;
            this.maxRecordBytes = maxRecordBytes;
            this.stream = new BufferedInputStream(stream, BUFFER_BYTES);
        }

        @Override
        public @Nullable SourceRecord read() throws IOException {
            while (nextLine()) {
                byte[] value = line.toByteArray();
                if (!isBlank(value)) {
                    return new SourceRecord(
                            new SourcePosition(file, 0, lineNumber),
                            System.currentTimeMillis(),
                            null,
                            value);
                }
            }
            return null;
        }

        /** Reads a line, at most one byte more than allowed: enough to see that it is too long. */
        private boolean nextLine() throws IOException {
            line.reset();
            boolean any = false;
            for (int next = stream.read(); next != -1; next = stream.read()) {
                any = true;
                if (next == '\n') {
                    break;
                }
                if (line.size() <= maxRecordBytes) {
                    line.write(next);
                }
            }
            lineNumber++;
            return any;
        }

        private static boolean isBlank(byte[] value) {
            for (byte b : value) {
                if (b != ' ' && b != '\t' && b != '\r') {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    /** The number of the input line, a tab, the JSON. */
    static final class NumberedLineEncoder implements Encoder<SinkRecord> {

        @Override
        public void encode(SinkRecord record, OutputStream stream) throws IOException {
            stream.write(Long.toString(record.origin().offset()).getBytes(StandardCharsets.UTF_8));
            stream.write('\t');
            stream.write(record.value());
            stream.write('\n');
        }
    }
}
