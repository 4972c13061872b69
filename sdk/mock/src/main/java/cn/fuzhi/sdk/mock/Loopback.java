package cn.fuzhi.sdk.mock;

/** Addresses of the machine itself, the only ones from which unsigned requests can be allowed. */
final class Loopback {
    private Loopback() {}

    static boolean is(String address) {
        return address.startsWith("127.")
                || address.equals("::1")
                || address.equals("0:0:0:0:0:0:0:1")
                || address.equals("[::1]")
                || address.equals("[0:0:0:0:0:0:0:1]");
    }
}
