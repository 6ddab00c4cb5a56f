#!/bin/sh
# Runs a TaskManager in the foreground.
# Arguments: -Dkey=value, replacing keys of conf/config.yaml.
set -eu
. "$(dirname -- "$0")/flink-process.sh"
run_flink taskmanager GET_TM_RESOURCE_PARAMS org.apache.flink.runtime.taskexecutor.TaskManagerRunner "$@"
