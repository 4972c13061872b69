package cn.fuzhi.sdk.mock;

/**
 * A value of a record that names another record or a division ({@code x-ref}).
 *
 * @param target what it names: SCHOOL, DIVISION …
 * @param pointer where it stands
 * @param fieldZh Chinese name of the field
 * @param value the key or code
 */
record Reference(String target, String pointer, String fieldZh, String value) {
    /** True for a field of the record itself, false for one inside an object or a list. */
    boolean topLevel() {
        return pointer.lastIndexOf('/') == 0;
    }
}
