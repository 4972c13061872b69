package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The fuzzer's target holds for its first inputs; {@code sdk/campaigns/fuzz} goes on from them. */
class JsonFuzzTest {
    @Test
    void readsEveryExampleAndWhatIsLeftOfItHalfWay() {
        List<byte[]> seeds = JsonFuzz.seeds();
        assertThat(seeds).hasSizeGreaterThan(150);
        for (byte[] seed : seeds) {
            JsonFuzz.fuzzerTestOneInput(seed);
            JsonFuzz.fuzzerTestOneInput(java.util.Arrays.copyOf(seed, seed.length / 2));
        }
    }
}
