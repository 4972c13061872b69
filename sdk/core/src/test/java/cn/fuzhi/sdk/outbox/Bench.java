package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** An outbox on a real file whose relay is driven by the test, with a witness at the other end and clocks to turn. */
final class Bench implements AutoCloseable {
    final TurnableClocks time = new TurnableClocks(7);
    final Witness witness;
    final Options options = new Options();
    final Path file;
    Machine machine;
    Outbox outbox;
    OutboxListener listener = new OutboxListener() {};
    /** Calls the listener; in the thread of the relay where a test counts on what it has heard. */
    Executor callbacks = Machine.listenerThread("test");

    /** The tables as others see them too, instead of a file of its own. */
    OneConnection shared;

    private Bench(Path file, Witness witness) {
        this.file = file;
        this.witness = witness;
        options.changesEvery = Duration.ZERO;
    }

    static Bench on(Path folder) {
        return new Bench(folder.resolve("outbox.db"), new Witness());
    }

    Bench open() {
        Machine.Ends ends = new Machine.Ends(witness, witness, listener, callbacks, time.clocks);
        machine = shared == null
                ? Machine.onFile(file, options.settings(), ends)
                : new Machine(shared, () -> {}, Dialect.SQLITE, options.settings(), ends);
        outbox = Outbox.on(machine);
        return this;
    }

    Bench reopen() {
        outbox.close();
        callbacks = callbacks instanceof ExecutorService ? Machine.listenerThread("test") : callbacks; // ended with it
        return open();
    }

    EnqueueReport enqueue(PushRecord... records) {
        return outbox.enqueue(List.of(records));
    }

    /** Runs the relay until there is nothing due; time stands still. */
    Bench drain() {
        for (int i = 0; machine.relay().runOnce().isZero(); i++) {
            if (i > 100_000) {
                throw new AssertionError("the relay finds no end");
            }
        }
        return this;
    }

    /** Lets time pass in steps and runs the relay after each. */
    Bench drainFor(Duration total) {
        return drainFor(total, Duration.ofMinutes(5));
    }

    Bench drainFor(Duration total, Duration longestStep) {
        Duration step = Duration.ofSeconds(1);
        for (Duration gone = Duration.ZERO; gone.compareTo(total) < 0; gone = gone.plus(step)) {
            drain();
            time.turn(step);
            // the further away the end, the longer the steps, so that hours cost little
            step = step.compareTo(longestStep) < 0 ? step.plusSeconds(1) : step;
        }
        return drain();
    }

    OutboxEntry entry(RecordKind kind, String key) {
        return outbox.find(kind, key).orElseThrow();
    }

    @Override
    public void close() {
        if (outbox != null) {
            outbox.close();
        }
    }
}
