package dev.lychee.rerank.operators.scoring.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts DJL's PyTorch engine once per JVM, with settings it reads at that moment only, and says
 * what the machine can do. Settings that are given as system properties win.
 */
final class DjlRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(DjlRuntime.class);

    static final String ENGINE = "PyTorch";

    private static final Pattern CPU_BF16 = Pattern.compile("\\b(avx512_bf16|amx_bf16|bf16)\\b");

    private static int startedWithThreads = -1;

    private DjlRuntime() {}

    /**
     * Starts the engine unless it runs.
     *
     * @param threads threads of one forward pass on the CPU; 0 for one per core
     */
    static synchronized Engine start(int threads) {
        int wanted = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        if (startedWithThreads >= 0) {
            if (threads > 0 && startedWithThreads != wanted) {
                LOG.warn(
                        "The engine of this JVM already runs with {} threads; {} are ignored",
                        startedWithThreads,
                        wanted);
            }
            return Engine.getEngine(ENGINE);
        }
        // Without these DJL calls home, and looks for downloads when it sees a GPU.
        setIfAbsent("ai.djl.offline", "true");
        setIfAbsent("OPT_OUT_TRACKING", "true");
        setIfAbsent("RUST_FLAVOR", "cpu");
        setIfAbsent("ai.djl.pytorch.num_threads", Integer.toString(wanted));
        setIfAbsent("ai.djl.pytorch.num_interop_threads", "1");
        // The graph optimizer compiles again for every new batch shape.
        setIfAbsent("ai.djl.pytorch.graph_optimizer", "false");
        warnAboutLibraryPath();
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        // DJL finds its engines through the context loader of whoever comes first.
        current.setContextClassLoader(DjlRuntime.class.getClassLoader());
        try {
            Engine engine = Engine.getEngine(ENGINE);
            startedWithThreads = Integer.getInteger("ai.djl.pytorch.num_threads", wanted);
            ClassLoader owner = Engine.class.getClassLoader();
            LOG.info(
                    "DJL {} with {} {}, {} GPUs, {} threads per forward pass, loaded by {}",
                    Engine.getDjlVersion(),
                    engine.getEngineName(),
                    engine.getVersion(),
                    engine.getGpuCount(),
                    startedWithThreads,
                    owner);
            warnAboutUserCodeLoader(owner);
            return engine;
        } finally {
            current.setContextClassLoader(before);
        }
    }

    /** Threads of one forward pass on the CPU, once the engine is started. */
    static synchronized int threads() {
        return startedWithThreads;
    }

    /** The device of a name such as {@code cpu} or {@code gpu:0}, which must be there. */
    static Device device(String name, Engine engine) {
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        if (!name.matches("gpu:\\d+")) {
            throw new IllegalArgumentException(
                    "Device '" + name + "' is not known; write cpu, or gpu:0 with a GPU's index");
        }
        int index = Integer.parseInt(name.substring("gpu:".length()));
        int count = engine.getGpuCount();
        if (index >= count) {
            throw new IllegalStateException(
                    "Device "
                            + name
                            + " is asked for, but the engine sees "
                            + count
                            + " GPUs; check the driver, that libcudart is on LD_LIBRARY_PATH, and"
                            + " that libtorch is a CUDA build (PYTORCH_LIBRARY_PATH,"
                            + " PYTORCH_VERSION, PYTORCH_FLAVOR)");
        }
        return Device.gpu(index);
    }

    /** Whether the device multiplies bf16 faster than fp32. */
    static boolean hasBf16(Device device) {
        if (device.isGpu()) {
            // Such as 80 for compute capability 8.0.
            return Integer.parseInt(CudaUtils.getComputeCapability(device.getDeviceId())) >= 80;
        }
        Path cpuinfo = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpuinfo)) {
            return false;
        }
        try {
            return CPU_BF16.matcher(Files.readString(cpuinfo, StandardCharsets.ISO_8859_1)).find();
        } catch (IOException e) {
            LOG.debug("{} cannot be read", cpuinfo, e);
            return false;
        }
    }

    /** Says before loading when a GPU has less free memory than the weights alone need. */
    static void checkMemory(Device device, Path weights) throws IOException {
        if (!device.isGpu()) {
            return;
        }
        var memory = CudaUtils.getGpuMemory(device);
        long free = memory.getMax() - memory.getUsed();
        long needed = Files.size(weights);
        if (needed > free) {
            throw new IllegalStateException(
                    String.format(
                            "%s needs %d MiB and device %s has %d MiB free",
                            weights, needed >> 20, device, free >> 20));
        }
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null && System.getenv(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static void warnAboutLibraryPath() {
        boolean path = isSet("PYTORCH_LIBRARY_PATH");
        if (path && (!isSet("PYTORCH_FLAVOR") || !isSet("PYTORCH_VERSION"))) {
            LOG.warn(
                    "PYTORCH_LIBRARY_PATH is set without PYTORCH_FLAVOR (cpu or cu128) and"
                            + " PYTORCH_VERSION (2.7.1); DJL will look for a build that does not"
                            + " exist");
        }
    }

    private static boolean isSet(String name) {
        return System.getProperty(name) != null || System.getenv(name) != null;
    }

    private static void warnAboutUserCodeLoader(ClassLoader owner) {
        for (ClassLoader loader = owner; loader != null; loader = loader.getParent()) {
            if (loader.getClass().getName().startsWith("org.apache.flink.")) {
                LOG.warn(
                        "DJL was loaded by {}, a user-code class loader of Flink: its native"
                                + " library can be loaded once per JVM, so the first restart of"
                                + " this job will fail. Put DJL and this library's jars into"
                                + " Flink's lib/ folder, leave them out of the job's jar, and set"
                                + " classloader.parent-first-patterns.additional to"
                                + " ai.djl.;com.sun.jna.;dev.lychee.",
                        loader);
                return;
            }
        }
    }
}
