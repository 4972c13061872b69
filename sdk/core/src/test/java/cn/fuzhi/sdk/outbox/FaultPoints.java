package cn.fuzhi.sdk.outbox;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/** A connection whose k-th call that reaches the database fails, before or after it has done its work, once or for ever. */
final class FaultPoints implements GroupCommit.ConnectionSource {
    private static final Set<String> CALLS =
            Set.of("execute", "executeQuery", "executeUpdate", "executeBatch", "prepareStatement");
    private static final int DISK_ERROR = 10;

    private final GroupCommit.ConnectionSource real;
    private long failAt = Long.MAX_VALUE;
    private boolean after;
    private boolean forEver;
    private long calls;

    FaultPoints(GroupCommit.ConnectionSource real) {
        this.real = real;
    }

    synchronized void failAt(long call, boolean afterwards, boolean always) {
        calls = 0;
        failAt = call;
        after = afterwards;
        forEver = always;
    }

    synchronized void heal() {
        failAt = Long.MAX_VALUE;
    }

    synchronized long calls() {
        return calls;
    }

    private synchronized boolean fails() {
        calls++;
        return calls == failAt || (forEver && calls > failAt);
    }

    @Override
    public Connection open() throws SQLException {
        return wrap(Connection.class, real.open());
    }

    private <T> T wrap(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> call(target, method, args)));
    }

    private Object call(Object target, Method method, Object[] args) throws Throwable {
        boolean counted = CALLS.contains(method.getName());
        boolean fails = counted && fails();
        if (fails && !after) {
            throw new SQLException("scripted", "test", DISK_ERROR);
        }
        Object result;
        try {
            result = method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (fails) {
            throw new SQLException("scripted", "test", DISK_ERROR);
        }
        if (result instanceof PreparedStatement statement) {
            return wrap(PreparedStatement.class, statement);
        }
        return result instanceof Statement statement ? wrap(Statement.class, statement) : result;
    }
}
