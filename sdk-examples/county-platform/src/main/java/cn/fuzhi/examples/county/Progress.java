package cn.fuzhi.examples.county;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** The bar that is seen while one day is lived; of many days nothing is seen but their lines. */
final class Progress implements AutoCloseable {
    private final boolean shown;
    private @Nullable ProgressBar bar;

    private Progress(boolean shown) {
        this.shown = shown;
    }

    static Progress bar() {
        return new Progress(true);
    }

    static Progress none() {
        return new Progress(false);
    }

    void step(long reached, int total) {
        if (shown && bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName("报送 / reporting")
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .build();
        }
        if (bar != null) {
            bar.stepTo(reached);
        }
    }

    /** Ends the line of the bar; nothing is drawn any more. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
