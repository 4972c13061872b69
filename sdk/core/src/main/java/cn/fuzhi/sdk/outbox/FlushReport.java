package cn.fuzhi.sdk.outbox;

/**
 * Where the outbox stood when a flush ended. It claims no more than is known: what is pending may have reached the platform.
 *
 * @param delivered records that this program delivered while the flush waited
 * @param pending records that are still to be confirmed
 * @param held records about which the province has still to decide
 * @param rejected dead letters that the platform refused
 * @param parked dead letters that wait for somebody to look
 * @param resend records that must be enqueued again
 */
public record FlushReport(long delivered, long pending, long held, long rejected, long parked, long resend) {
    /**
     * Tells whether everything that was enqueued is confirmed.
     *
     * @return true if nothing is pending, held, refused, parked or to be enqueued again
     */
    public boolean isComplete() {
        return pending + held + rejected + parked + resend == 0;
    }
}
