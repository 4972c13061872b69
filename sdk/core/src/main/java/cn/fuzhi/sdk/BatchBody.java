package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.ItemResult;
import cn.fuzhi.sdk.model.PushRecord;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.SequenceWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import okhttp3.MediaType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of a batch while it is filled, and the matching of its results. Frozen payloads are spliced in as they are; a live
 * record is written straight into the buffer. Used again for the next batch after {@link #clear()}. Not for several threads.
 */
final class BatchBody {
    /** Most items of a batch. */
    static final int MAX_ITEMS = 500;

    /** Most bytes of a batch before compression. */
    static final int MAX_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(FuzhiClient.class);
    /** Without a charset: JSON has none, servers rewrite its case, and the type is signed. */
    private static final MediaType JSON = MediaType.get("application/json");

    private static final int MARKS = 1 << 14;
    private static final byte[] HEAD = utf8("{\"items\":[");
    private static final byte[] TAIL = utf8("]}");
    private static final byte[] OP = utf8("{\"op\":\"");
    private static final byte[] KEY = utf8("\",\"key\":\"");
    private static final byte[] VERSION = utf8("\",\"version\":");
    private static final byte[] DIGEST = utf8(",\"digest\":\"");
    private static final byte[] QUOTE = utf8("\"");
    private static final byte[] RECORD = utf8(",\"record\":");
    private static final byte[] UPSERT = utf8("UPSERT");

    /** Strange answers that were warned of; until a good answer has come, the same is not said again. */
    static final class Oddities {
        private final AtomicBoolean warned = new AtomicBoolean();

        private void met(int foreign, int contradictions) {
            if (foreign == 0 && contradictions == 0) {
                warned.set(false);
            } else if (warned.compareAndSet(false, true)) {
                LOG.warn(
                        "应答与所发记录不符，未发送 {} 条，互相矛盾 {} 条 / the answer does not fit the batch:"
                                + " results for records that were not sent, and contradictions",
                        foreign,
                        contradictions);
            }
        }

        boolean isWarned() {
            return warned.get();
        }
    }

    private final Oddities oddities;
    private final BatchLimits limits;
    private final Bytes bytes = new Bytes();
    private final Payload.Room compressed = new Payload.Room();
    /**
     * A new list for every batch. A reference to a new object in an old one, such as a list or a map that is used again, has to be
     * noted for the garbage collector; with four batches in flight that was a twelfth of the work of a push.
     */
    private List<String> keys = List.of();

    /** The hash of each key, and a bit for each hash: nearly every other key is told from them without a look at its text. */
    private final int[] hashes;

    private final BitSet marks = new BitSet(MARKS);

    private final int[] ends;
    /** Kept from record to record: a new one for each would weigh more than the record. */
    private SequenceWriter writer = Json.sequence(bytes);

    /**
     * Makes an empty batch.
     *
     * @param oddities remembers what has been said about strange answers
     */
    BatchBody(BatchLimits limits, Oddities oddities) {
        this.limits = limits;
        this.oddities = oddities;
        this.ends = new int[limits.items()];
        this.hashes = new int[limits.items()];
        clear();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A growing buffer that can be cut and given away without a copy; unlike those of the JDK it takes no lock. */
    private static final class Bytes extends OutputStream {
        private byte[] array = new byte[1 << 16];
        private int size;

        @Override
        public void write(int b) {
            reserve(1);
            array[size++] = (byte) b;
        }

        @Override
        public void write(byte[] more, int from, int length) {
            reserve(length);
            System.arraycopy(more, from, array, size, length);
            size += length;
        }

        private void put(byte[] more) {
            write(more, 0, more.length);
        }

        /** Writes a text inside of quotes; keys are plain ASCII unless somebody sends a key that no rule has seen. */
        private void put(String text) {
            reserve(text.length());
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                    size -= i;
                    put(JsonStringEncoder.getInstance().quoteAsUTF8(text));
                    return;
                }
                array[size++] = (byte) c;
            }
        }

        private void reserve(int more) {
            if (array.length - size < more) {
                array = Arrays.copyOf(array, Math.max(array.length * 2, size + more));
            }
        }
    }

    void clear() {
        bytes.size = 0;
        bytes.put(HEAD);
        marks.clear();
        keys = new ArrayList<>(limits.items());
    }

    int size() {
        return keys.size();
    }

    boolean isFull() {
        return keys.size() == limits.items();
    }

    BatchLimits limits() {
        return limits;
    }

    List<String> keys() {
        return keys;
    }

    boolean contains(String key) {
        return find(key.hashCode(), key) >= 0;
    }

    boolean sharesKeys(BatchBody other) {
        for (int i = 0; i < keys.size(); i++) {
            if (other.find(hashes[i], keys.get(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** The place of a key, or -1. */
    private int find(int hash, String key) {
        if (marks.get(mark(hash))) {
            for (int i = 0; i < keys.size(); i++) {
                if (hashes[i] == hash && keys.get(i).equals(key)) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static int mark(int hash) {
        return (hash ^ hash >>> 16) & (MARKS - 1);
    }

    /**
     * Adds a checked record without a version; false when it does not fit any more. An empty batch takes any record.
     *
     * @throws FuzhiException.Refused when it cannot be written; the batch is then as it was before
     */
    boolean add(PushRecord record, String key) {
        int start = begin(UPSERT, key);
        bytes.put(QUOTE);
        bytes.put(RECORD);
        try {
            writer.write(record);
        } catch (IOException e) {
            bytes.size = start;
            writer = Json.sequence(bytes); // the old one is in the middle of a record
            throw RecordCodec.unwritable(e);
        }
        return end(start, key);
    }

    /** Adds a frozen change under its version; false when it does not fit any more. */
    boolean add(FrozenRecord record, long version) {
        int start = begin(utf8(record.op().value()), record.key());
        bytes.put(VERSION);
        bytes.put(utf8(Long.toString(version)));
        if (record.digest() != null) {
            bytes.put(DIGEST);
            bytes.put(utf8(record.digest()));
            bytes.put(QUOTE);
        }
        byte[] payload = record.payload();
        if (payload != null) {
            bytes.put(RECORD);
            bytes.put(payload);
        }
        return end(start, record.key());
    }

    private int begin(byte[] op, String key) {
        int start = bytes.size;
        if (!keys.isEmpty()) {
            bytes.write(',');
        }
        bytes.put(OP);
        bytes.put(op);
        bytes.put(KEY);
        bytes.put(key);
        return start;
    }

    private boolean end(int start, String key) {
        bytes.write('}');
        boolean full = isFull() || length() > limits.bytes();
        if (full && !keys.isEmpty()) {
            bytes.size = start;
            return false;
        }
        put(key);
        return true;
    }

    /** Notes the key of what was written last. */
    private void put(String key) {
        int hash = key.hashCode();
        hashes[keys.size()] = hash;
        marks.set(mark(hash));
        ends[keys.size()] = bytes.size;
        keys.add(key);
    }

    /** The request body; valid until the batch is changed or its next body is compressed. */
    Payload payload() {
        int size = bytes.size;
        bytes.put(TAIL);
        Payload payload = new Payload(bytes.array, bytes.size, JSON, compressed);
        bytes.size = size;
        return payload;
    }

    /** Bytes of the request before compression. */
    int length() {
        return bytes.size + TAIL.length;
    }

    /** A new batch of the items from one position to before another. */
    BatchBody part(int from, int to) {
        return part(IntStream.range(from, to).boxed().toList());
    }

    /** A new batch of some items of this one, as bytes, when the platform took the whole for too large or named what is wrong. */
    BatchBody part(List<Integer> positions) {
        BatchBody part = new BatchBody(limits, oddities);
        for (int i : positions) {
            int from = i == 0 ? HEAD.length : ends[i - 1] + 1;
            if (!part.keys.isEmpty()) {
                part.bytes.write(',');
            }
            part.bytes.write(bytes.array, from, ends[i] - from);
            part.put(keys.get(i));
        }
        return part;
    }

    /**
     * Matches results to items by key, never by place: a result for a key that was not sent is ignored, two results that differ
     * decide nothing, and neither does a missing one.
     */
    List<ItemOutcome> match(List<ItemResult> results) {
        @Nullable ItemOutcome[] found = new ItemOutcome[keys.size()];
        int foreign = 0;
        int contradictions = 0;
        int next = 0;
        for (ItemResult result : results) {
            int i = place(result, next);
            next = i + 1;
            if (i < 0) {
                foreign++;
            } else if (found[i] == null) {
                found[i] = outcome(result);
            } else if (!isSame(found[i], result)) {
                contradictions++;
                found[i] = ItemOutcome.undecided(found[i].key());
            }
        }
        oddities.met(foreign, contradictions);
        List<ItemOutcome> outcomes = new ArrayList<>(found.length);
        for (int i = 0; i < found.length; i++) {
            outcomes.add(found[i] == null ? ItemOutcome.undecided(keys.get(i)) : found[i]);
        }
        return outcomes;
    }

    /** Where the item of a result is; most platforms answer in the order of the request, and then nothing is looked up. */
    private int place(@Nullable ItemResult result, int expected) {
        String key = result == null ? null : result.key();
        if (key != null && expected < keys.size() && keys.get(expected).equals(key)) {
            return expected;
        }
        return key == null ? -1 : find(key.hashCode(), key);
    }

    private static boolean isSame(ItemOutcome first, ItemResult second) {
        return first.verdict() != null && first.verdict().equals(second.result());
    }

    private static ItemOutcome outcome(ItemResult result) {
        return new ItemOutcome(
                result.key(),
                result.result(),
                result.version(),
                result.currentVersion(),
                result.currentDigest(),
                result.violations(),
                result.warnings(),
                result.submission());
    }
}
