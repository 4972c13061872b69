package cn.fuzhi.sdk;

/**
 * Is told how far a push has come.
 *
 * <p>Called after every batch and after each record that is refused before it is sent, by one thread at a time but not always the same one. The push waits for it; an exception that it
 * throws is logged and goes no further.
 */
@FunctionalInterface
public interface Progress {
    /** Tells nobody. */
    Progress NONE = (decided, accepted) -> {};

    /**
     * Tells the state.
     *
     * @param decided records with a verdict so far, refused ones included
     * @param accepted records that the platform holds now as they were sent
     */
    void pushed(long decided, long accepted);
}
