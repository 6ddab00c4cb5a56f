package dev.lychee.rerank.schemas.flow;

/** Which rate of an experiment an action counts for. */
public enum ActionKind {
    CLICK,
    CART,
    PURCHASE
}
