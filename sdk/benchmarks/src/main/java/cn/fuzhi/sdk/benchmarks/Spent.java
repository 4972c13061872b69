package cn.fuzhi.sdk.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a work took.
 *
 * @param seconds by the clock
 * @param cpuSeconds of all processors in this process, whatever its thread
 */
record Spent(double seconds, double cpuSeconds) {
    static Spent on(Pairs.Work work) throws Exception {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = machine.getProcessCpuTime();
        long start = System.nanoTime();
        work.run();
        return new Spent((System.nanoTime() - start) / 1e9, (machine.getProcessCpuTime() - cpu) / 1e9);
    }
}
