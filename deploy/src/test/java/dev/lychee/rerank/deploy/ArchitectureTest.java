package dev.lychee.rerank.deploy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** Rules about the whole project; deploy sees all modules. */
@AnalyzeClasses(
        packages = "dev.lychee.rerank",
        importOptions = ImportOption.DoNotIncludePackageInfos.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule modulesDependInOneDirection =
            Architectures.layeredArchitecture()
                    .consideringOnlyDependenciesInLayers()
                    .layer("schemas")
                    .definedBy("dev.lychee.rerank.schemas..")
                    .layer("operators")
                    .definedBy("dev.lychee.rerank.operators..")
                    .layer("job")
                    .definedBy("dev.lychee.rerank.job..")
                    .layer("deploy")
                    .definedBy("dev.lychee.rerank.deploy..")
                    .whereLayer("deploy")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("job")
                    .mayOnlyBeAccessedByLayers("deploy")
                    .whereLayer("operators")
                    .mayOnlyBeAccessedByLayers("job", "deploy");

    @ArchTest
    static final ArchRule djlIsConfinedToOnePackageAndItsComparisonWithPeers =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "dev.lychee.rerank.operators.scoring.djl..",
                            "dev.lychee.rerank.deploy.bench.peers..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule onnxRuntimeIsOnlyAPeer =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.lychee.rerank.deploy.bench.peers..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ai.onnxruntime..");

    @ArchTest
    static final ArchRule celIsConfinedToOnePackage =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.lychee.rerank.operators.adjust.rules..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.cel..");

    @ArchTest
    static final ArchRule httpIsConfinedToTwoPackages =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "dev.lychee.rerank.operators.scoring.remote..",
                            "dev.lychee.rerank.operators.image.source..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.hc..", "io.github.resilience4j..");

    @ArchTest
    static final ArchRule kafkaIsUnknownToSchemasAndOperators =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "dev.lychee.rerank.schemas..", "dev.lychee.rerank.operators..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.kafka..", "org.apache.flink.connector.kafka..");

    @ArchTest
    static final ArchRule mathsIsPlainJava =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "dev.lychee.rerank.operators.adjust..",
                            "dev.lychee.rerank.operators.image",
                            "dev.lychee.rerank.operators.clicks..",
                            "dev.lychee.rerank.operators.experiments..",
                            "dev.lychee.rerank.operators.postprocess..",
                            "dev.lychee.rerank.operators.evaluation..",
                            "dev.lychee.rerank.operators.text..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.flink..", "ai.djl..");

    @ArchTest
    static final ArchRule testDoublesAreHandWritten =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.mockito..", "org.powermock..", "org.easymock..");

    @ArchTest
    static final ArchRule namesSayWhatAClassDoes =
            classes().should().haveNameNotMatching(".*(Manager|Helper|Utils?|Handler)");

    @ArchTest
    static final ArchRule flinksShadedLibrariesStayFlinks =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.flink.shaded..");
}
