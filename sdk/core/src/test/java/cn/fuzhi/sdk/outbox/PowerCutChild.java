package cn.fuzhi.sdk.outbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;

/**
 * Enqueues records into a file and says so after each; it delivers half of them to a platform of its own. The write-ahead log is
 * brought into the database every few pages, so that a short run has many checkpoints and begins the log anew often.
 */
final class PowerCutChild {
    private static final int PAGES_PER_CHECKPOINT = 40;

    private PowerCutChild() {}

    /** Arguments: file, how many, and a statement that weakens each connection, or nothing. */
    public static void main(String[] args) throws Exception {
        TurnableClocks time = new TurnableClocks(1);
        Witness witness = new Witness();
        SqliteFile file = SqliteFile.take(Path.of(args[0]));
        GroupCommit.ConnectionSource source = () -> {
            Connection connection = file.open();
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA wal_autocheckpoint=" + PAGES_PER_CHECKPOINT);
                if (args.length > 2) {
                    statement.execute(args[2]);
                }
            }
            return connection;
        };
        GroupCommit commits = new GroupCommit(source, time.clocks::micros, "writer");
        Schema.create(commits, Dialect.SQLITE, Outbox.Builder.PREFIX);
        Options options = new Options();
        options.changesEvery = Duration.ZERO;
        Machine machine = new Machine(
                commits,
                file,
                Dialect.SQLITE,
                options.settings(),
                new Machine.Ends(witness, witness, new OutboxListener() {}, Runnable::run, time.clocks));
        Outbox outbox = Outbox.on(machine);
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            time.turn(Duration.ofMillis(1));
            outbox.enqueue(Records.usage(i % 40, i));
            System.out.println("ACK " + i);
            System.out.flush();
            if (i % 10 == 9) {
                machine.relay().runOnce();
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
