package dev.lychee.rerank.job;

/** Identity of every operator in savepoints. Released uids are never changed. */
final class OperatorUids {

    static final String READ_CANDIDATE_SETS = "read-candidate-sets";
    static final String DECODE_CANDIDATE_SETS = "decode-candidate-sets";
    static final String BIND_PROFILES = "bind-profiles";
    static final String READ_CONTROL = "read-control";
    static final String VALIDATE_CONTROL = "validate-control";
    static final String ENCODE_CONTROL_REPLIES = "encode-control-replies";
    static final String WRITE_CONTROL_REPLIES = "write-control-replies";
    static final String READ_CALIBRATION_MAPS = "read-calibration-maps";
    static final String DECODE_CALIBRATION_MAPS = "decode-calibration-maps";
    static final String SPLIT_CANDIDATE_SETS = "split-candidate-sets";
    static final String WRAP_ENVELOPES = "wrap-envelopes";
    static final String SCORE_CANDIDATES = "score-candidates";
    static final String WRAP_OUTCOMES = "wrap-outcomes";
    static final String ASSEMBLE_REQUESTS = "assemble-requests";
    static final String NORMALIZE_SCORES = "normalize-scores";
    static final String CALIBRATE_SCORES = "calibrate-scores";
    static final String ADJUST_SCORES = "adjust-scores";
    static final String APPLY_THRESHOLD = "apply-threshold";
    static final String RANK_CANDIDATES = "rank-candidates";
    static final String ENCODE_RESULTS = "encode-results";
    static final String WRITE_RESULTS = "write-results";
    static final String ENCODE_DEAD_LETTERS = "encode-dead-letters";
    static final String WRITE_DEAD_LETTERS = "write-dead-letters";

    // The recalibrate job.
    static final String READ_INTERACTIONS = "read-interactions";
    static final String DECODE_INTERACTIONS = "decode-interactions";
    static final String READ_SERVED_RESULTS = "read-served-results";
    static final String DECODE_SERVED_RESULTS = "decode-served-results";
    static final String JOIN_INTERACTIONS = "join-interactions";
    static final String CAP_CLIENTS = "cap-clients";
    static final String AGGREGATE_CLICKS = "aggregate-clicks";
    static final String FIT_MAPS = "fit-maps";
    static final String ENCODE_MAPS = "encode-maps";
    static final String WRITE_CALIBRATION_MAPS = "write-calibration-maps";

    static final String AGGREGATE_EXPOSURES = "aggregate-exposures";
    static final String MEASURE_EXPERIMENTS = "measure-experiments";
    static final String ENCODE_EXPERIMENT_RESULTS = "encode-experiment-results";
    static final String WRITE_EXPERIMENT_RESULTS = "write-experiment-results";

    private OperatorUids() {}
}
