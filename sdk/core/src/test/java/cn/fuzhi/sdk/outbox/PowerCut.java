package cn.fuzhi.sdk.outbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a disk may hold after a power cut: everything up to the last fsync of each file, and of what was written later any prefix or
 * any subset, each write whole or with some of its blocks of 512 bytes. Made from the system calls of a program that strace has
 * recorded.
 */
final class PowerCut {
    private static final int BLOCK = 512;
    private static final Pattern OPEN = Pattern.compile("openat\\([^,]+, \"([^\"]+)\".* = (\\d+)$");
    private static final Pattern UNLINK = Pattern.compile("unlink\\(\"([^\"]+)\"\\) += 0$");
    private static final Pattern CALL =
            Pattern.compile("(pwrite64|write|ftruncate|fsync|fdatasync|close)\\((\\d+)(.*) = (-?\\d+)$");
    private static final Pattern BYTES =
            Pattern.compile("^, \"((?:\\\\x[0-9a-f]{2})*)\"(?:\\.\\.\\.)?, (\\d+)(?:, (\\d+))?\\)");

    /** One step of the program: a change of a file, a sync of it, or a word to the outside. */
    private record Step(String file, Change change, boolean sync, String said, boolean unlinked) {
        Step(String file, Change change, boolean sync, String said) {
            this(file, change, sync, said, false);
        }
    }

    /** A change of the content of a file, of which only some blocks may have come to the disk. */
    private interface Change {
        void on(Content content, IntPredicate block);
    }

    /** The bytes of a file while an image is made. */
    private static final class Content {
        private byte[] bytes = new byte[1 << 16];
        private int size;

        void truncate(int length) {
            reserve(length);
            Arrays.fill(bytes, Math.min(size, length), Math.max(size, length), (byte) 0);
            size = length;
        }

        void write(byte[] data, int at, IntPredicate block) {
            reserve(at + data.length);
            for (int from = 0; from < data.length; from += BLOCK) {
                if (block.test(from / BLOCK)) {
                    int length = Math.min(BLOCK, data.length - from);
                    System.arraycopy(data, from, bytes, at + from, length);
                    size = Math.max(size, at + from + length);
                }
            }
        }

        private void reserve(int length) {
            if (length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length, 2 * bytes.length));
            }
        }

        byte[] toBytes() {
            return Arrays.copyOf(bytes, size);
        }
    }

    private final List<Step> steps = new ArrayList<>();
    private int resets;
    private int checkpointed;

    /** Reads the record of a program whose files lie in a folder and which tells what it acknowledged on standard output. */
    PowerCut(Path trace, Path folder) throws IOException {
        Map<String, String> names = new HashMap<>();
        Map<String, String> unfinished = new HashMap<>();
        for (String raw : Files.readAllLines(trace, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            String line = joined(raw, unfinished);
            if (line != null) {
                read(line, folder, names);
            }
        }
    }

    /** Puts a call together again that another thread interrupted; it has happened when it is resumed. */
    private static String joined(String raw, Map<String, String> unfinished) {
        int space = raw.indexOf(' ');
        String thread = raw.substring(0, space);
        String line = raw.substring(space).strip();
        if (line.endsWith("<unfinished ...>")) {
            unfinished.put(
                    thread,
                    line.substring(0, line.length() - "<unfinished ...>".length())
                            .strip());
            return null;
        }
        if (line.startsWith("<... ")) {
            String head = unfinished.remove(thread);
            String tail = line.substring(line.indexOf('>') + 1).strip();
            return head == null ? null : head + tail;
        }
        return line;
    }

    private void read(String line, Path folder, Map<String, String> names) {
        Matcher open = OPEN.matcher(line);
        if (open.find()) {
            names.put(open.group(2), text(open.group(1)));
            return;
        }
        Matcher unlink = UNLINK.matcher(line);
        if (unlink.find() && text(unlink.group(1)).startsWith(folder.toString())) {
            steps.add(new Step(text(unlink.group(1)), null, false, null, true));
            return;
        }
        Matcher call = CALL.matcher(line);
        if (!call.find()) {
            return;
        }
        String file = call.group(2).equals("1") ? "stdout" : names.get(call.group(2));
        if (call.group(1).equals("close")) {
            names.remove(call.group(2));
        } else if (file != null && (file.equals("stdout") || file.startsWith(folder.toString()))) {
            step(call.group(1), file, call.group(3));
        }
    }

    private void step(String name, String file, String rest) {
        if (name.endsWith("sync")) {
            steps.add(new Step(file, null, true, null));
        } else if (name.equals("ftruncate")) {
            int length = Integer.parseInt(rest.replaceAll("[^0-9]", ""));
            steps.add(new Step(file, (content, block) -> content.truncate(length), false, null));
        } else {
            Matcher data = BYTES.matcher(rest);
            if (data.find()) {
                byte[] bytes = bytes(data.group(1));
                if (file.equals("stdout")) {
                    steps.add(new Step(file, null, false, new String(bytes, java.nio.charset.StandardCharsets.UTF_8)));
                } else if (data.group(3) != null) {
                    int at = Integer.parseInt(data.group(3));
                    resets += at == 0 && file.endsWith("-wal") ? 1 : 0;
                    checkpointed += file.endsWith(".db") ? 1 : 0;
                    steps.add(new Step(file, (content, block) -> content.write(bytes, at, block), false, null));
                }
            }
        }
    }

    private static String text(String escaped) {
        return escaped.startsWith("\\x")
                ? new String(bytes(escaped), java.nio.charset.StandardCharsets.UTF_8)
                : escaped;
    }

    private static byte[] bytes(String escaped) {
        return java.util.HexFormat.ofDelimiter("\\x")
                .withPrefix("")
                .parseHex(escaped.isEmpty() ? "" : escaped.substring(2));
    }

    int length() {
        return steps.size();
    }

    /** How often the write-ahead log was begun anew. */
    int resets() {
        return resets;
    }

    /** How many pages were written into the database file itself. */
    int checkpointed() {
        return checkpointed;
    }

    /** What the program had said before a step. */
    List<String> saidBefore(int cut) {
        List<String> said = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        steps.subList(0, cut).stream().filter(step -> step.said() != null).forEach(step -> text.append(step.said()));
        text.toString().lines().filter(line -> line.startsWith("ACK ")).forEach(said::add);
        return said;
    }

    /** Writes the files as they may be after a cut before a step; names are kept. */
    void image(int cut, Random random, Path folder, boolean subset) throws IOException {
        Map<String, Integer> synced = new HashMap<>();
        for (int i = 0; i < cut; i++) {
            if (steps.get(i).sync()) {
                synced.put(steps.get(i).file(), i);
            }
        }
        Map<String, Content> files = new TreeMap<>();
        int prefix = random.nextInt(cut + 1);
        for (int i = 0; i < cut; i++) {
            Step step = steps.get(i);
            // a name is gone for certain once its folder was synced
            String what = step.unlinked() ? Path.of(step.file()).getParent().toString() : step.file();
            boolean safe = i < synced.getOrDefault(what, -1);
            boolean kept = safe || (subset ? random.nextBoolean() : i < prefix);
            if (step.unlinked() && kept) {
                files.remove(step.file());
            } else if (step.change() != null && kept) {
                IntPredicate block = safe ? all -> true : torn(random);
                step.change().on(files.computeIfAbsent(step.file(), none -> new Content()), block);
            }
        }
        for (Map.Entry<String, Content> file : files.entrySet()) {
            String name = Path.of(file.getKey()).getFileName().toString();
            if (!name.endsWith("-shm")) {
                Files.write(folder.resolve(name), file.getValue().toBytes());
            }
        }
    }

    /** Most writes are whole, some have their first blocks only, some have blocks here and there. */
    private static IntPredicate torn(Random random) {
        int first = random.nextInt(9);
        return switch (random.nextInt(8)) {
            case 0 -> block -> block < first;
            case 1 -> block -> random.nextBoolean();
            default -> all -> true;
        };
    }
}
