package cn.fuzhi.sdk;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a request body, plain and compressed, made once for all attempts.
 *
 * <p>Not for several threads at once. The array given is not copied and must not change until the call has ended.
 */
final class Payload {
    /** Level 1 costs half the time of level 6 for a third more bytes. */
    private static final int LEVEL = Deflater.BEST_SPEED;

    private static final int WORTHWHILE = 1024;
    private static final int TRAILER = 8;
    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, (byte) 0xff};

    private final byte[] bytes;
    private final int length;
    private final @Nullable MediaType type;
    private final @Nullable Room room;
    private @Nullable Body plain;
    private @Nullable Body compressed;

    /** Where compressed bytes lie. Who sends one body after the other keeps it: a new one each time is cold, and zeroed first. */
    static final class Room {
        private byte[] array = new byte[0];
    }

    Payload(byte[] bytes, int length, @Nullable MediaType type) {
        this(bytes, length, type, new Room());
    }

    /**
     * The same, compressed into a room of the caller's.
     *
     * @param room serves no other body until the call has ended; null for bytes that compression would not make fewer
     */
    Payload(byte[] bytes, int length, @Nullable MediaType type, @Nullable Room room) {
        this.bytes = bytes;
        this.length = length;
        this.type = type;
        this.room = room;
    }

    /** Bytes that compression would not make fewer. */
    static Payload incompressible(byte[] bytes, MediaType type) {
        return new Payload(bytes, bytes.length, type, null);
    }

    /** Returns the body to send; compressed only when that is asked for and worth it. */
    Body body(boolean gzip) {
        if (gzip && room != null && length >= WORTHWHILE) {
            if (compressed == null) {
                compressed = compress(room);
            }
            return compressed;
        }
        if (plain == null) {
            plain = new Body(bytes, length, type, false);
        }
        return plain;
    }

    private Body compress(Room room) {
        Deflater deflater = new Deflater(LEVEL, true);
        try {
            deflater.setInput(bytes, 0, length);
            deflater.finish();
            int likely = Math.max(512, length / 4);
            byte[] out = room.array.length >= likely ? room.array : new byte[likely];
            System.arraycopy(GZIP_HEADER, 0, out, 0, GZIP_HEADER.length);
            int written = GZIP_HEADER.length;
            while (!deflater.finished()) {
                if (out.length - written <= TRAILER) {
                    out = Arrays.copyOf(out, out.length * 2);
                }
                written += deflater.deflate(out, written, out.length - written - TRAILER);
            }
            CRC32 crc = new CRC32();
            crc.update(bytes, 0, length);
            littleEndian(out, written, (int) crc.getValue());
            littleEndian(out, written + 4, length);
            room.array = out;
            return new Body(out, written + TRAILER, type, true);
        } finally {
            deflater.end();
        }
    }

    private static void littleEndian(byte[] out, int at, int value) {
        for (int i = 0; i < 4; i++) {
            out[at + i] = (byte) (value >>> (8 * i));
        }
    }

    /** A body that OkHttp must never send a second time by itself. */
    static final class Body extends RequestBody {
        private final byte[] bytes;
        private final int length;
        private final @Nullable MediaType type;
        private final boolean gzip;
        private @Nullable String digest;

        private Body(byte[] bytes, int length, @Nullable MediaType type, boolean gzip) {
            this.bytes = bytes;
            this.length = length;
            this.type = type;
            this.gzip = gzip;
        }

        boolean isGzip() {
            return gzip;
        }

        /** {@code Content-Digest} (RFC 9530) over the bytes as sent. */
        String digest() {
            if (digest == null) {
                try {
                    MessageDigest sha = MessageDigest.getInstance("SHA-256");
                    sha.update(bytes, 0, length);
                    digest = "sha-256=:" + Base64.getEncoder().encodeToString(sha.digest()) + ":";
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException("every Java platform has SHA-256", e);
                }
            }
            return digest;
        }

        @Override
        public @Nullable MediaType contentType() {
            return type;
        }

        @Override
        public long contentLength() {
            return length;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws java.io.IOException {
            sink.write(bytes, 0, length);
        }
    }
}
