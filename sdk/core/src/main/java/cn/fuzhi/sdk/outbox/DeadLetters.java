package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FuzhiException;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.RecordKind;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the platform refused ({@code REJECTED}) and what is not sent any more until somebody has looked ({@code PARKED}). Nothing gets
 * in or out by itself; a corrected record is simply enqueued again. Safe for use by many threads.
 */
public final class DeadLetters {
    private static final int PAGE = 500;

    private final Ledger ledger;
    private final Corrections corrections;
    private final Runnable wake;

    DeadLetters(Ledger ledger, Corrections corrections, Runnable wake) {
        this.ledger = ledger;
        this.corrections = corrections;
        this.wake = wake;
    }

    /** How a dead letter is sent again. */
    public enum Requeue {
        /** Under its version; not for one that the platform has in a newer or another form. */
        AS_IT_IS,
        /** Under a new version, over whatever the platform has. */
        AS_NEWEST
    }

    /**
     * Counts the dead letters by cause.
     *
     * @return causes, such as {@code R-19}, {@code STALE} or {@code TOO_LARGE}, in alphabetical order
     */
    public Map<String, Long> causes() {
        return ledger.countCauses();
    }

    /**
     * Lists dead letters in the order of kind and key.
     *
     * @param cause only those of one cause, or null for all
     * @param after the last one of the page before, or null to begin
     * @param limit most of them
     * @return the next page
     * @throws IllegalArgumentException if the limit is negative
     */
    public List<OutboxEntry> list(@Nullable String cause, @Nullable OutboxEntry after, int limit) {
        return ledger.dead(cause, after, limit);
    }

    /**
     * Shows the stored content of a record to a person: names and phones are masked.
     *
     * @param kind kind of the record
     * @param key its natural key
     * @return the content in one line; empty when there is none or when it is damaged
     */
    public String inspect(RecordKind kind, String key) {
        byte[] payload = ledger.payload(kind, key);
        if (payload == null) {
            return "";
        }
        try {
            return RecordCodec.parse(kind.type(), payload).toString();
        } catch (FuzhiException.Refused e) {
            return "";
        }
    }

    /**
     * Sends dead letters again.
     *
     * @param entries what {@link #list} returned; one that changed since is left alone
     * @param how under which version; AS_IT_IS leaves STALE, CONFLICT, MISMATCH and REVIEW alone
     * @return how many are pending now
     */
    public int requeue(Collection<OutboxEntry> entries, Requeue how) {
        int changed = corrections.requeue(entries, how == Requeue.AS_NEWEST);
        wake.run();
        return changed;
    }

    /**
     * Gives dead letters up for good: their content goes, key and version stay ({@code DISCARDED}).
     *
     * @param entries what {@link #list} returned; one that changed since is left alone
     * @return how many were given up
     */
    public int discard(Collection<OutboxEntry> entries) {
        return corrections.discard(entries);
    }

    /**
     * Writes all dead letters as CSV for people: values masked, and nothing that a spreadsheet would take for a formula.
     *
     * @param out receives a line of titles and a line per dead letter; write it as UTF-8
     * @throws IOException if it cannot be written to
     */
    public void export(Appendable out) throws IOException {
        out.append("kind,key,op,state,cause,attempts,enqueuedAt,problem,content\r\n");
        OutboxEntry last = null;
        List<OutboxEntry> page;
        do {
            page = list(null, last, PAGE);
            for (OutboxEntry entry : page) {
                write(out, entry);
                last = entry;
            }
        } while (page.size() == PAGE);
    }

    private void write(Appendable out, OutboxEntry entry) throws IOException {
        List<String> cells = List.of(
                entry.kind().value(),
                entry.key(),
                entry.op().value(),
                entry.state().name(),
                String.valueOf(entry.cause()),
                String.valueOf(entry.attempts()),
                entry.enqueuedAt().toString(),
                entry.problem() == null ? "" : entry.problem(),
                inspect(entry.kind(), entry.key()));
        for (int i = 0; i < cells.size(); i++) {
            out.append(i == 0 ? "" : ",").append(cell(cells.get(i)));
        }
        out.append("\r\n");
    }

    /** Quoted; an apostrophe keeps a spreadsheet from calculating. */
    static String cell(String text) {
        boolean formula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
        String line = text.replaceAll("[\\r\\n]+", " ").replace("\"", "\"\"");
        return '"' + (formula ? "'" : "") + line + '"';
    }
}
