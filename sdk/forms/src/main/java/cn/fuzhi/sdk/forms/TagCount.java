package cn.fuzhi.sdk.forms;

import java.nio.charset.StandardCharsets;

/**
 * Counts the elements of XML that passes by, by their local names, without parsing it: whatever part a library may take them
 * from, there are not more of them than were counted.
 */
final class TagCount {
    private static final int LONGEST = 16;

    private final byte[][] names;
    private final long[] counts;
    private final byte[] name = new byte[LONGEST];

    /** How much of a name was read; -1 outside a start tag. */
    private int length = -1;

    TagCount(String... names) {
        this.names = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            this.names[i] = names[i].getBytes(StandardCharsets.ISO_8859_1);
        }
        counts = new long[names.length];
    }

    /** A new part begins. */
    void begin() {
        length = -1;
    }

    void add(byte[] buffer, int count) {
        for (int i = 0; i < count; i++) {
            byte b = buffer[i];
            if (b == '<') {
                length = 0;
            } else if (length >= 0) {
                next(b);
            }
        }
    }

    private void next(byte b) {
        if (b == ':') {
            length = 0;
        } else if (b == '>' || b == '/' || (b >= 0 && b <= ' ')) {
            end();
            length = -1;
        } else if (length < LONGEST) {
            name[length++] = b;
        } else {
            length = -1;
        }
    }

    private void end() {
        for (int i = 0; i < names.length; i++) {
            if (matches(names[i])) {
                counts[i]++;
            }
        }
    }

    private boolean matches(byte[] other) {
        if (length != other.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name[i] != other[i]) {
                return false;
            }
        }
        return true;
    }

    long of(int index) {
        return counts[index];
    }
}
