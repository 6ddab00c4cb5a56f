#!/bin/sh
# Runs the JobManager of a session cluster in the foreground.
# Arguments: -Dkey=value, replacing keys of conf/config.yaml.
set -eu
. "$(dirname -- "$0")/flink-process.sh"
run_flink jobmanager GET_JM_RESOURCE_PARAMS \
    org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint "$@"
