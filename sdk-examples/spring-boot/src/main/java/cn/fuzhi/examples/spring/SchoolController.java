package cn.fuzhi.examples.spring;

import cn.fuzhi.sdk.FuzhiException;
import cn.fuzhi.sdk.model.Violation;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The form in which a clerk edits a school. */
@RestController
class SchoolController {
    private final SchoolRegister register;

    SchoolController(SchoolRegister register) {
        this.register = register;
    }

    @PutMapping("/schools/{code}")
    void save(@PathVariable("code") String code, @RequestParam("name") String name) {
        register.save(code, name);
    }

    /** What breaks a rule of the province is told to the clerk at once, field by field; nothing was saved. */
    @ExceptionHandler
    ResponseEntity<List<String>> refused(FuzhiException.Refused refused) {
        return ResponseEntity.unprocessableEntity()
                .body(refused.violations().stream().map(Violation::message).toList());
    }
}
