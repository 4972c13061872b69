package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.RecordKind;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change in the form in which it is stored and sent: nothing that the caller does to its objects afterwards changes it.
 *
 * <p>Immutable as long as nobody writes into {@link #payload()}. Two are equal when op, kind, key, digest and bytes are.
 */
public final class FrozenRecord {
    private final RecordKind kind;
    private final String key;
    private final Op op;
    private final @Nullable String scope;
    private final byte @Nullable [] payload;
    private final @Nullable String digest;

    private FrozenRecord(
            RecordKind kind,
            String key,
            Op op,
            @Nullable String scope,
            byte @Nullable [] payload,
            @Nullable String digest) {
        this.kind = kind;
        this.key = key;
        this.op = op;
        this.scope = scope;
        this.payload = payload;
        this.digest = digest;
    }

    /**
     * Puts a change together again that was frozen before, from where it was stored.
     *
     * @param kind kind of the record
     * @param key natural key
     * @param op upsert or deletion
     * @param scope scope, or null
     * @param payload UTF-8 JSON, null for a deletion; not copied
     * @param digest SHA-256 of the payload, null for a deletion; not checked here
     * @return the change
     */
    public static FrozenRecord of(
            RecordKind kind,
            String key,
            Op op,
            @Nullable String scope,
            byte @Nullable [] payload,
            @Nullable String digest) {
        return new FrozenRecord(kind, key, op, scope, payload, digest);
    }

    /**
     * Returns the kind.
     *
     * @return the kind
     */
    public RecordKind kind() {
        return kind;
    }

    /**
     * Returns the natural key.
     *
     * @return the key
     */
    public String key() {
        return key;
    }

    /**
     * Tells what is to be done.
     *
     * @return upsert or deletion
     */
    public Op op() {
        return op;
    }

    /**
     * Tells which submission covers the record.
     *
     * @return {@code bodyCode~periodKey}, or null
     */
    public @Nullable String scope() {
        return scope;
    }

    /**
     * Returns the UTF-8 JSON of the record; the array is not copied and must not be changed.
     *
     * @return the bytes, null for a deletion
     */
    public byte @Nullable [] payload() {
        return payload;
    }

    /**
     * Returns the SHA-256 of the payload.
     *
     * @return 64 lower-case hex digits, null for a deletion
     */
    public @Nullable String digest() {
        return digest;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FrozenRecord that
                && kind.equals(that.kind)
                && key.equals(that.key)
                && op.equals(that.op)
                && Objects.equals(digest, that.digest)
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, key, op, digest);
    }

    @Override
    public String toString() {
        return op + " " + kind + " " + key;
    }
}
