package cn.fuzhi.examples.county;

import cn.fuzhi.sdk.mock.MockPlatform;
import java.nio.file.Path;
import java.time.Instant;

/** A platform without faults, and the job that reports to it. */
final class CalmDay implements AutoCloseable {
    final MockPlatform platform = MockPlatform.builder()
            .platform(Workbooks.PLATFORM)
            .limits(500, 1 << 20, 1_000)
            .start();
    final Job job;

    CalmDay(Path work) {
        platform.clock().runFrom(Instant.parse("2022-09-14T01:00:00Z"));
        job = new Job(Samples.FOLDER.toAbsolutePath(), work.toAbsolutePath(), 1);
        job.save("platform.properties", Province.address(platform));
    }

    @Override
    public void close() {
        platform.close();
    }
}
