package cn.fuzhi.examples.county;

import java.io.IOException;

/** Ends a program when the one that started it is gone: then nobody holds the other end of its standard input any more. */
final class Lifeline {
    static final int CUT = 9;

    private Lifeline() {}

    static void hold() {
        Thread watch = new Thread(Lifeline::watch, "lifeline");
        watch.setDaemon(true);
        watch.start();
    }

    private static void watch() {
        try {
            while (System.in.read() >= 0) {
                // Nobody says anything here; only the end matters.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(CUT);
    }
}
