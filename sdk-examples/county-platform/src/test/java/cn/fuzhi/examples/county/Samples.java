package cn.fuzhi.examples.county;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sample workbooks, as they are and with mistakes. */
final class Samples {
    static final Path FOLDER = Path.of("..", "samples");

    private Samples() {}

    /** Copies the samples, the pairings and the timetable in the form with mistakes. */
    static Path withProblems(Path folder) throws IOException {
        for (String name : new String[] {"schools", "usage"}) {
            Files.copy(FOLDER.resolve(name + ".xlsx"), folder.resolve(name + ".xlsx"));
        }
        for (String name : new String[] {"pairings", "timetable"}) {
            Files.copy(FOLDER.resolve(name + "-with-problems.xlsx"), folder.resolve(name + ".xlsx"));
        }
        return folder;
    }
}
