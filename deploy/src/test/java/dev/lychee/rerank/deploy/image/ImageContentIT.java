package dev.lychee.rerank.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.image.ImageProcess.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.Test;

/** What lies where in the image: what is loaded once per process, and what comes with a job. */
class ImageContentIT {

    private static final Pattern KAFKA_CONNECTOR =
            Pattern.compile(
                    "org/apache/flink/(connector/kafka|streaming/connectors/kafka|streaming/util)/");

    @Test
    void keepsTheJobJarThin() throws IOException {
        List<String> classes = classes(Image.path("usrlib/lychee-rerank-job.jar"));

        assertThat(classes)
                .anyMatch(name -> name.startsWith("dev/lychee/rerank/job/"))
                .anyMatch(name -> name.startsWith("org/apache/flink/connector/kafka/"))
                .anyMatch(name -> name.startsWith("org/apache/kafka/clients/"))
                .allMatch(
                        name ->
                                name.startsWith("dev/lychee/rerank/job/")
                                        || name.startsWith("org/apache/kafka/")
                                        || KAFKA_CONNECTOR.matcher(name).lookingAt());
    }

    @Test
    void keepsAllNativeCodeInLib() throws IOException {
        try (JarFile jar = new JarFile(Image.path("usrlib/lychee-rerank-job.jar").toFile())) {
            assertThat(jar.stream().map(ZipEntry::getName))
                    .noneMatch(
                            name ->
                                    name.endsWith(".so")
                                            || name.endsWith(".dylib")
                                            || name.endsWith(".dll"));
        }
    }

    @Test
    void namesTheMainClassOfTheJob() throws IOException {
        try (JarFile jar = new JarFile(Image.path("usrlib/lychee-rerank-job.jar").toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo("dev.lychee.rerank.job.RerankJob");
        }
    }

    @Test
    void hasEverythingThatIsLoadedOncePerProcess() throws IOException {
        assertThat(libraries())
                .anyMatch(name -> name.startsWith("flink-runtime-"))
                .anyMatch(name -> name.startsWith("flink-runtime-web-"))
                .anyMatch(name -> name.startsWith("flink-rpc-akka-loader-"))
                .anyMatch(name -> name.startsWith("flink-statebackend-rocksdb-"))
                .anyMatch(name -> name.startsWith("flink-connector-files-"))
                .anyMatch(name -> name.startsWith("log4j-core-"))
                .anyMatch(name -> name.startsWith("api-"))
                .anyMatch(name -> name.startsWith("pytorch-engine-"))
                .anyMatch(name -> name.startsWith("pytorch-jni-"))
                .anyMatch(name -> name.startsWith("pytorch-native-"))
                .anyMatch(name -> name.startsWith("tokenizers-"))
                .anyMatch(name -> name.startsWith("jna-"))
                // Rules need these two besides CEL itself; Kafka's broker needs the second too.
                .anyMatch(name -> name.startsWith("protobuf-java-"))
                .anyMatch(name -> name.startsWith("re2j-"))
                .anyMatch(name -> name.startsWith("imageio-jpeg-"))
                .anyMatch(name -> name.startsWith("imageio-webp-"))
                .anyMatch(name -> name.startsWith("httpclient5-"))
                .anyMatch(name -> name.startsWith("lychee-rerank-schemas-"))
                .anyMatch(name -> name.startsWith("lychee-rerank-operators-"))
                .noneMatch(name -> name.startsWith("lychee-rerank-job"))
                .noneMatch(name -> name.startsWith("lychee-rerank-deploy"))
                .noneMatch(name -> name.startsWith("kafka"))
                .noneMatch(name -> name.startsWith("flink-connector-kafka"))
                .noneMatch(name -> name.startsWith("scala-"))
                .noneMatch(name -> name.startsWith("lucene-"))
                .noneMatch(name -> name.startsWith("onnxruntime"));
    }

    @Test
    void hasEachLibraryInOneVersion() throws IOException {
        Map<String, List<String>> versions = new HashMap<>();
        for (String name : libraries()) {
            versions.computeIfAbsent(name.replaceAll("-[0-9].*", ""), any -> new ArrayList<>())
                    .add(name);
        }

        assertThat(versions.values()).allSatisfy(names -> assertThat(names).hasSize(1));
    }

    @Test
    void shipsTheModelAndTheSample() {
        assertThat(Image.path("models/lychee-nano/model.pt")).isRegularFile();
        assertThat(Image.path("sample/catalogue.jsonl")).isRegularFile();
    }

    @Test
    void loadsModelsAndRecordsFromLib() {
        Configuration configuration =
                GlobalConfiguration.loadConfiguration(Image.path("conf").toString());

        assertThat(configuration.get(CoreOptions.ALWAYS_PARENT_FIRST_LOADER_PATTERNS_ADDITIONAL))
                .contains(
                        "ai.djl.",
                        "com.sun.jna.",
                        "dev.lychee.rerank.schemas.",
                        "dev.lychee.rerank.operators.");
    }

    @Test
    void explainsEachLineOfItsConfiguration() throws IOException {
        List<String> lines = Files.readAllLines(Image.path("conf/config.yaml"));

        List<String> paragraphs = List.of(String.join("\n", lines).split("\n\n", -1));

        assertThat(paragraphs).allSatisfy(paragraph -> assertThat(paragraph).startsWith("#"));
    }

    private static List<String> libraries() throws IOException {
        try (Stream<Path> files = Files.list(Image.path("lib"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static List<String> classes(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
