package cn.fuzhi.sdk.forms;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file to be read as a form: an .xlsx workbook, or CSV text. Which of the two is seen from the content, not from the name.
 *
 * <p>Immutable; the file itself is opened only while a form reads it. CSV is taken as UTF-8, with or without a byte order mark,
 * unless {@link #withCharset} names another character set: it is never guessed.
 */
public final class FormFile {
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] OLE2 = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0};

    private final String name;
    private final @Nullable Path path;
    private final byte @Nullable [] content;
    private final Charset charset;

    private FormFile(String name, @Nullable Path path, byte @Nullable [] content, Charset charset) {
        this.name = name;
        this.path = path;
        this.content = content;
        this.charset = charset;
    }

    /**
     * Names a file on disk.
     *
     * @param path the file
     * @return the file to read
     */
    public static FormFile of(Path path) {
        Path last = path.getFileName();
        return new FormFile(last == null ? "" : last.toString(), path, null, StandardCharsets.UTF_8);
    }

    /**
     * Takes a file that is in memory, such as an upload.
     *
     * @param name name to show in messages; never used as a path
     * @param content the bytes; not copied
     * @return the file to read
     */
    public static FormFile of(String name, byte[] content) {
        return new FormFile(name, null, content, StandardCharsets.UTF_8);
    }

    /**
     * Says in which character set CSV text is.
     *
     * @param other such as {@code Charset.forName("GB18030")} for a file that was saved by a Chinese Excel as plain CSV
     * @return a copy
     */
    public FormFile withCharset(Charset other) {
        return new FormFile(name, path, content, other);
    }

    /**
     * Returns the name, for messages.
     *
     * @return the last part of the path, or the name given
     */
    public String name() {
        return name;
    }

    Charset charset() {
        return charset;
    }

    @Nullable
    Path path() {
        return path;
    }

    byte @Nullable [] content() {
        return content;
    }

    InputStream open() throws IOException {
        return content != null
                ? new ByteArrayInputStream(content)
                : Files.newInputStream(java.util.Objects.requireNonNull(path));
    }

    /** Opens the rows of the file after everything that can be checked from outside has been checked. */
    RowSource rows() {
        try {
            byte[] head;
            try (InputStream in = open()) {
                head = in.readNBytes(4);
            }
            if (startsWith(head, OLE2)) {
                throw new FormException(
                        FormException.Reason.ENCRYPTED,
                        name + "：文件设有打开密码，或是旧的 .xls 格式。请取消密码，另存为 .xlsx 后再读取",
                        "the file is encrypted or an old .xls; remove the password and save it as .xlsx");
            }
            return startsWith(head, ZIP) ? XlsxRows.open(this) : CsvRows.open(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean startsWith(byte[] head, byte[] magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= head.length || head[i] != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
