package cn.fuzhi.examples.spring;

import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import cn.fuzhi.sdk.outbox.Outbox;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Keeps the schools and reports them to the province. Not final: Spring puts the transaction around it by a subclass. */
@Service
class SchoolRegister {
    private final JdbcTemplate jdbc;
    private final Outbox outbox;

    SchoolRegister(JdbcTemplate jdbc, Outbox outbox) {
        this.jdbc = jdbc;
        this.outbox = outbox;
    }

    /** Both or neither: the outbox joins the transaction. The province may be away for a week; nobody here notices. */
    @Transactional
    void save(String code, String name) {
        jdbc.update(
                "INSERT INTO school (code, name) VALUES (?, ?) ON CONFLICT (code) DO UPDATE SET name = excluded.name",
                code,
                name);
        outbox.enqueue(School.builder()
                .schoolCode(code)
                .unitKind(UnitKind.SCHOOL)
                .name(name)
                .divisionCode("610727")
                .urbanRuralClass(UrbanRuralClass.TOWN_CENTER)
                .status(SchoolStatus.ACTIVE)
                .build());
    }
}
