# Read by jobmanager.sh and taskmanager.sh: finds Java and the folders of this image, and starts a Flink process in the
# foreground. FLINK_CONF_DIR, FLINK_LOG_DIR, FLINK_PLUGINS_DIR and JAVA_HOME replace what is found.

image=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
conf=${FLINK_CONF_DIR:-$image/conf}
log=${FLINK_LOG_DIR:-$image/log}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

export FLINK_CONF_DIR="$conf"
export FLINK_LOG_DIR="$log"
export FLINK_PLUGINS_DIR="${FLINK_PLUGINS_DIR:-$image/plugins}"

# java_options KEY: the value of a one-line key of config.yaml.
java_options() {
    sed -n "s/^$1: *//p" "$conf/config.yaml" | tail -n 1
}

# run_flink NAME MEMORY_COMMAND MAIN_CLASS [-Dkey=value...]
run_flink() {
    name=$1
    memory_command=$2
    main_class=$3
    shift 3
    command -v "$java" >/dev/null 2>&1 || {
        echo "$name: no Java found: set JAVA_HOME to a Java 17." >&2
        exit 2
    }
    mkdir -p "$log"
    # No word of what follows is a file name pattern.
    set -f
    options="$(java_options env.java.opts.all) $(java_options "env.java.opts.$name")"

    # Flink computes heap, direct memory and metaspace from the taskmanager.memory.* and jobmanager.memory.* keys.
    computed=$("$java" $options -cp "$image/lib/*" \
        org.apache.flink.runtime.util.bash.BashJavaUtils "$memory_command" --configDir "$conf" "$@" 2>&1) || {
        echo "$computed" | grep -v '^BASH_JAVA_UTILS' >&2
        echo "$name: the memory settings of $conf/config.yaml do not fit together." >&2
        exit 2
    }
    computed=$(echo "$computed" | sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p')
    jvm_memory=$(echo "$computed" | sed -n 1p)
    flink_memory=$(echo "$computed" | sed -n 2p)

    exec "$java" $jvm_memory $options ${JVM_ARGS:-} \
        -Dlog.file="$log/$name-$$.log" \
        -Dlog4j.configurationFile="file:$conf/log4j-console.properties" \
        -cp "$image/lib/*" "$main_class" --configDir "$conf" $flink_memory "$@"
}
