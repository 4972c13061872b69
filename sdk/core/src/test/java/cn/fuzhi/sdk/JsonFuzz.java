package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.Checked;
import cn.fuzhi.sdk.model.PushRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a fuzzer gives to the readers of records and packages: the first byte chooses which, the others are the input. Nothing may
 * come out but a {@code Refused}, and what was read is written and read again without a difference.
 */
final class JsonFuzz {
    private static final List<String> SCHEMAS = Contract.records();

    private JsonFuzz() {}

    /** Writes the first inputs, from which a fuzzer goes on, into a folder. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        List<byte[]> seeds = seeds();
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(folder.resolve("seed-" + i), seeds.get(i));
        }
    }

    static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < SCHEMAS.size(); i++) {
            seeds.add(seed(i, Contract.bytes(Contract.example(SCHEMAS.get(i)))));
        }
        return seeds;
    }

    private static byte[] seed(int choice, byte[] input) {
        byte[] seed = new byte[input.length + 1];
        seed[0] = (byte) choice;
        System.arraycopy(input, 0, seed, 1, input.length);
        return seed;
    }

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length > 0) {
            int choice = Byte.toUnsignedInt(data[0]);
            byte[] input = Arrays.copyOfRange(data, 1, data.length);
            if (choice < SCHEMAS.size()) {
                record(Contract.type(SCHEMAS.get(choice)).asSubclass(Checked.class), input);
            } else {
                reportPackage(input);
            }
        }
    }

    private static <T extends Checked> void record(Class<T> type, byte[] json) {
        T read;
        try {
            read = RecordCodec.parse(type, json, warning -> {});
        } catch (FuzhiException.Refused e) {
            return;
        }
        byte[] written = RecordCodec.write(read);
        require(Arrays.equals(RecordCodec.write(RecordCodec.parse(type, written)), written), "written twice");
        if (read instanceof PushRecord record) {
            freeze(type, record);
        }
    }

    private static <T extends Checked> void freeze(Class<T> type, PushRecord record) {
        FrozenRecord frozen;
        try {
            frozen = RecordCodec.freeze(record);
        } catch (FuzhiException.Refused e) {
            return;
        }
        PushRecord again = (PushRecord) RecordCodec.parse(type, frozen.payload());
        require(RecordCodec.freeze(again).equals(frozen), "frozen twice");
        require(frozen.key().matches("[!-~]{1,250}"), "a key of plain characters");
    }

    private static void reportPackage(byte[] zip) {
        try {
            ReportPackage.read(zip);
        } catch (FuzhiException.Refused e) {
            // says what is wrong
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not the same: " + what);
        }
    }
}
