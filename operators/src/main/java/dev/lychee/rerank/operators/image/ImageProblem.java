package dev.lychee.rerank.operators.image;

import java.util.Locale;

/** Why a picture was not used; in kebab-case where it is counted or written to a result. */
public enum ImageProblem {
    /** Neither an address nor base64 that can be understood. */
    MALFORMED_REFERENCE,
    /** The job's options do not allow to read from there. */
    NOT_ALLOWED,
    /** The name stands for an address that is not public. */
    PRIVATE_ADDRESS,
    /** There is nothing at this address. */
    NOT_FOUND,
    /** The other side, or the way there, failed. */
    FETCH_FAILED,
    /** The answer was sent elsewhere too often. */
    TOO_MANY_REDIRECTS,
    /** It took too long. */
    TIMEOUT,
    /** More pictures wait than can be read. */
    BUSY,
    /** More bytes than allowed. */
    TOO_LARGE,
    /** More pixels than allowed. */
    TOO_MANY_PIXELS,
    /** No picture, or of a format that is not read. */
    NOT_AN_IMAGE,
    /** A picture that is damaged, or of a kind that the model cannot read. */
    UNREADABLE;

    /** Such as {@code too-many-pixels}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
