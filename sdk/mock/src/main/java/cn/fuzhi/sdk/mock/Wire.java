package cn.fuzhi.sdk.mock;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.AdminRequestHandler;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.HttpServer;
import com.github.tomakehurst.wiremock.http.HttpServerFactory;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.http.StubRequestHandler;
import com.github.tomakehurst.wiremock.jetty11.Jetty11HttpServer;
import com.github.tomakehurst.wiremock.standalone.MappingsSource;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import com.github.tomakehurst.wiremock.stubbing.StubMappings;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;
import wiremock.jakarta.servlet.DispatcherType;
import wiremock.org.eclipse.jetty.servlet.FilterHolder;
import wiremock.org.eclipse.jetty.servlet.ServletContextHandler;

/**
 * The WireMock server below the platform: one stub of the lowest priority hands everything to the platform, so that a test's own
 * stubs win; a filter in front keeps the bytes as they were sent, which WireMock would inflate without a limit.
 */
final class Wire {
    private static final String ANSWERS = "fuzhi-platform";
    private static final int LOWEST_PRIORITY = 1_000_000;
    private static final int JOURNAL = 50;

    private final WireMockServer server;

    Wire(WireMockConfiguration address, int batchBytes, Function<Call, Reply> platform) {
        WireFilter filter = new WireFilter(batchBytes);
        server = new WireMockServer(address.maxRequestJournalEntries(JOURNAL)
                .maxLoggedResponseSize(4_096)
                .containerThreads(64)
                .disableOptimizeXmlFactoriesLoading(true)
                .mappingSource(new OneStub())
                .extensions(new Factory(filter), new Answers(filter, platform)));
    }

    WireMockServer server() {
        return server;
    }

    /** Makes Jetty servers with the filter in front of the stubs. */
    private record Factory(WireFilter filter) implements HttpServerFactory {
        @Override
        public HttpServer buildHttpServer(Options options, AdminRequestHandler admin, StubRequestHandler stubs) {
            FilteredServer.BUILDING.set(filter);
            try {
                return new FilteredServer(options, admin, stubs);
            } finally {
                FilteredServer.BUILDING.remove();
            }
        }
    }

    private static final class FilteredServer extends Jetty11HttpServer {
        /** The super constructor builds the handlers, so the filter is handed over by the thread that builds. */
        private static final ThreadLocal<WireFilter> BUILDING = new ThreadLocal<>();

        FilteredServer(Options options, AdminRequestHandler admin, StubRequestHandler stubs) {
            super(options, admin, stubs);
        }

        @Override
        protected void decorateMockServiceContextBeforeConfig(ServletContextHandler context) {
            context.addFilter(new FilterHolder(BUILDING.get()), "/*", EnumSet.of(DispatcherType.REQUEST));
        }
    }

    /** Answers through the platform. */
    private record Answers(WireFilter filter, Function<Call, Reply> platform)
            implements ResponseDefinitionTransformerV2 {
        @Override
        public String getName() {
            return ANSWERS;
        }

        @Override
        public boolean applyGlobally() {
            return false;
        }

        @Override
        public ResponseDefinition transform(ServeEvent event) {
            WireFilter.Exchange exchange = filter.exchange(event.getRequest().getHeader(WireFilter.ID));
            Reply reply = platform.apply(exchange.call());
            exchange.reply(reply);
            if (reply.journey().latency().isZero()) {
                exchange.leave();
            }
            return definition(reply);
        }

        private static ResponseDefinition definition(Reply reply) {
            Reply.Journey journey = reply.journey();
            ResponseDefinitionBuilder builder =
                    new ResponseDefinitionBuilder().withStatus(reply.status()).withBody(reply.body());
            reply.headers().forEach(builder::withHeader);
            if (journey.cut() == Reply.Cut.BEFORE_ANSWER) {
                builder.withFault(Fault.CONNECTION_RESET_BY_PEER);
            }
            if (!journey.latency().isZero()) {
                builder.withFixedDelay((int) journey.latency().toMillis());
            }
            if (!journey.dribble().isZero()) {
                int chunks = Math.max(1, Math.min(20, reply.body().length));
                builder.withChunkedDribbleDelay(chunks, (int) journey.dribble().toMillis());
            }
            return builder.build();
        }
    }

    /** Keeps the platform's stub in place when a test resets WireMock. */
    private static final class OneStub implements MappingsSource {
        @Override
        public void loadMappingsInto(StubMappings stubMappings) {
            stubMappings.addMapping(any(anyUrl())
                    .atPriority(LOWEST_PRIORITY)
                    .willReturn(new ResponseDefinitionBuilder().withTransformers(ANSWERS))
                    .build());
        }

        @Override
        public void save(List<StubMapping> stubMappings) {}

        @Override
        public void save(StubMapping stubMapping) {}

        // Deprecated, but abstract as long as it is there.
        @Override
        @SuppressWarnings("removal")
        public void remove(StubMapping stubMapping) {}

        @Override
        public void removeAll() {}
    }
}
