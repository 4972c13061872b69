package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import cn.fuzhi.sdk.outbox.Outbox;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A host as vendors write them: a web server, a database, a service with transactions. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({CountyApplication.Schools.class, CountyApplication.Afterthought.class})
class CountyApplication {
    static School school(String code, String name) {
        return School.builder()
                .schoolCode(code)
                .unitKind(UnitKind.SCHOOL)
                .name(name)
                .divisionCode("610727")
                .urbanRuralClass(UrbanRuralClass.TOWN_CENTER)
                .status(SchoolStatus.ACTIVE)
                .build();
    }

    @Bean
    Register register(JdbcTemplate jdbc, Outbox outbox) {
        jdbc.execute("CREATE TABLE IF NOT EXISTS school (code VARCHAR(10) PRIMARY KEY, name VARCHAR(60))");
        return new Register(jdbc, outbox);
    }

    /** Open, because Spring puts the transaction around it by a subclass. */
    static class Register {
        private final JdbcTemplate jdbc;
        private final Outbox outbox;

        Register(JdbcTemplate jdbc, Outbox outbox) {
            this.jdbc = jdbc;
            this.outbox = outbox;
        }

        @Transactional
        void save(String code, String name, boolean fail) {
            jdbc.update("INSERT INTO school (code, name) VALUES (?, ?)", code, name);
            outbox.enqueue(List.of(school(code, name)));
            if (fail) {
                throw new IllegalStateException("the host changes its mind");
            }
        }

        @Transactional
        void close(School school) {
            jdbc.update("DELETE FROM school WHERE code = ?", school.schoolCode());
            outbox.delete(school.kind(), school.key());
            throw new IllegalStateException("the host changes its mind");
        }
    }

    /** A school that the host has saved. */
    record Saved(School school) {}

    /** Tells the province only when the host has committed. */
    static final class Afterthought {
        private final Outbox outbox;

        Afterthought(Outbox outbox) {
            this.outbox = outbox;
        }

        @TransactionalEventListener
        void tell(Saved saved) {
            outbox.enqueue(saved.school());
        }
    }

    @RestController
    static class Schools {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);
        private final Register register;

        Schools(Register register) {
            this.register = register;
        }

        @PostMapping("/schools")
        String save(@RequestParam("code") String code, @RequestParam("name") String name) {
            register.save(code, name, false);
            return code;
        }

        /** A request that is still at work when the program is told to stop. */
        @PostMapping("/slow-schools")
        String saveSlowly(@RequestParam("code") String code, @RequestParam("name") String name)
                throws InterruptedException {
            entered.countDown();
            released.await();
            register.save(code, name, false);
            return code;
        }
    }
}
