package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Violations;
import com.fasterxml.jackson.databind.SequenceWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The tools that freezing a record needs, kept from one record to the next: collector, writer, buffer, digest.
 *
 * <p>Freezing is on the way of every pushed record. New tools for each weigh more than the record; kept ones leave the payload,
 * the digest, the key and the scope as the only garbage. One spare set is enough: records are frozen by one or two threads, and
 * a thread that finds none makes its own. A thread-local would keep a set for every thread of the host for ever.
 */
final class Freezer {
    private static final int LARGEST_KEPT = 64 * 1024;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final AtomicReference<Freezer> SPARE = new AtomicReference<>();

    private final Violations violations = new Violations();
    private final Buffer buffer = new Buffer();
    private final MessageDigest sha256 = sha256();
    private final byte[] hash = new byte[32];
    private final byte[] hex = new byte[64];
    private final SequenceWriter writer = Json.sequence(buffer);

    private Freezer() {}

    /** Checks, unless somebody has done so, and freezes. */
    static FrozenRecord freeze(PushRecord record, boolean check) {
        Freezer spare = SPARE.getAndSet(null);
        Freezer freezer = spare == null ? new Freezer() : spare;
        if (check) {
            freezer.check(record);
        }
        FrozenRecord frozen = freezer.freeze(record);
        // After an exception the state of the writer is not known, and the set is not kept.
        if (freezer.buffer.size() <= LARGEST_KEPT) {
            freezer.violations.clear();
            SPARE.set(freezer);
        }
        return frozen;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void check(PushRecord record) {
        violations.enter(record);
        if (violations.hasErrors()) {
            throw RecordCodec.refused(violations.found());
        }
    }

    private FrozenRecord freeze(PushRecord record) {
        buffer.reset();
        try {
            writer.write(record);
        } catch (IOException e) {
            throw RecordCodec.unwritable(e);
        }
        byte[] payload = buffer.toByteArray();
        String digest = digest();
        return FrozenRecord.of(record.kind(), record.key(), Op.UPSERT, record.scope(), payload, digest);
    }

    private String digest() {
        buffer.update(sha256);
        try {
            sha256.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has 32 bytes", e);
        }
        for (int i = 0; i < hash.length; i++) {
            hex[2 * i] = DIGITS[hash[i] >> 4 & 15];
            hex[2 * i + 1] = DIGITS[hash[i] & 15];
        }
        return new String(hex, StandardCharsets.ISO_8859_1);
    }

    /** A buffer that can be digested where it is. */
    private static final class Buffer extends ByteArrayOutputStream {
        Buffer() {
            super(2048);
        }

        void update(MessageDigest digest) {
            digest.update(buf, 0, count);
        }
    }
}
