package cn.fuzhi.sdk.outbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a disk may hold after a power cut: everything up to the last fsync of each file, and of what was written later any prefix in
 * blocks of 512 bytes, or any subset. Made from the system calls of a program that strace has recorded.
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

    /** A change of the content of a file. */
    private interface Change {
        byte[] on(byte[] content, int blocks);
    }

    private final List<Step> steps = new ArrayList<>();

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
            steps.add(new Step(file, (content, blocks) -> java.util.Arrays.copyOf(content, length), false, null));
        } else {
            Matcher data = BYTES.matcher(rest);
            if (data.find()) {
                byte[] bytes = bytes(data.group(1));
                if (file.equals("stdout")) {
                    steps.add(new Step(file, null, false, new String(bytes, java.nio.charset.StandardCharsets.UTF_8)));
                } else if (data.group(3) != null) {
                    int at = Integer.parseInt(data.group(3));
                    steps.add(new Step(file, (content, blocks) -> patched(content, bytes, at, blocks), false, null));
                }
            }
        }
    }

    private static byte[] patched(byte[] content, byte[] bytes, int at, int blocks) {
        int length = Math.min(bytes.length, blocks == Integer.MAX_VALUE ? bytes.length : blocks * BLOCK);
        byte[] grown = java.util.Arrays.copyOf(content, Math.max(content.length, at + length));
        System.arraycopy(bytes, 0, grown, at, length);
        return grown;
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
        Map<String, byte[]> files = new TreeMap<>();
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
                int blocks = safe || random.nextInt(4) > 0 ? Integer.MAX_VALUE : random.nextInt(9);
                files.put(step.file(), step.change().on(files.getOrDefault(step.file(), new byte[0]), blocks));
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            String name = Path.of(file.getKey()).getFileName().toString();
            if (!name.endsWith("-shm")) {
                Files.write(folder.resolve(name), file.getValue());
            }
        }
    }
}
