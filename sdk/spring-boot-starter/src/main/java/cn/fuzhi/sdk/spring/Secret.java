package cn.fuzhi.sdk.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The secret from its file, read anew each time, or from the text of a property. */
final class Secret implements Supplier<byte[]> {
    private final @Nullable Path file;
    private final @Nullable String text;

    Secret(@Nullable Path file, @Nullable String text) {
        if ((file == null) == (text == null)) {
            throw new IllegalStateException(
                    "须在 fuzhi.secret-file 与 fuzhi.secret 中选一个 / give either fuzhi.secret-file or fuzhi.secret");
        }
        this.file = file;
        this.text = text;
    }

    @Override
    public byte[] get() {
        if (file == null) {
            return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return withoutLineEnd(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("无法读取 fuzhi.secret-file / cannot read fuzhi.secret-file: " + file, e);
        }
    }

    /** Editors end a file with a line break that is no part of the secret. */
    private static byte[] withoutLineEnd(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        byte[] secret = Arrays.copyOf(bytes, end);
        Arrays.fill(bytes, (byte) 0);
        return secret;
    }
}
