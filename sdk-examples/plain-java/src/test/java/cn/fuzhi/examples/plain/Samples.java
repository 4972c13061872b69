package cn.fuzhi.examples.plain;

import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;

final class Samples {
    private Samples() {}

    static School school() {
        return School.builder()
                .schoolCode("2161000002")
                .unitKind(UnitKind.SCHOOL)
                .name("略阳县示例乡村小学")
                .divisionCode("610727")
                .urbanRuralClass(UrbanRuralClass.VILLAGE)
                .status(SchoolStatus.ACTIVE)
                .build();
    }
}
