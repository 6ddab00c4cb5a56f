package dev.lychee.rerank.deploy.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A sample of four products and two queries. */
public final class TestingSample {

    private TestingSample() {}

    /** Writes the three files of a sample. */
    public static void write(Path folder) throws IOException {
        Files.writeString(
                folder.resolve(Sample.CATALOGUE),
                """
                {"id":"p-1","title":"Red summer dress","description":"Light cotton","selling_points":["For the beach"]}
                {"id":"p-2","title":"Red winter coat","description":"Warm wool"}
                {"id":"p-3","title":"复古风牛仔外套","description":"蓝色"}
                {"id":"p-4","title":"牛仔裤","description":"经典"}
                """);
        Files.writeString(
                folder.resolve(Sample.QUERIES),
                """
                {"id":"q-1","text":"red dress","locale":"en-US","query_type":"visual"}
                {"id":"q-2","text":"牛仔外套","locale":"zh-CN","query_type":"style"}
                """);
        Files.writeString(
                folder.resolve(Sample.JUDGEMENTS),
                "q-1\t0\tp-1\t3\nq-1\t0\tp-2\t1\nq-2\t0\tp-3\t3\nq-2\t0\tp-4\t1\n");
    }
}
