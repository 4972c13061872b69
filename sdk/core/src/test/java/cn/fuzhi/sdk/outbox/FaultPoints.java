package cn.fuzhi.sdk.outbox;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Connections whose k-th call fails, before or after it has done its work, once or for ever: for an embedded file and, as a small
 * pool, for the data source of a host.
 */
final class FaultPoints extends SimpleDataSource implements GroupCommit.ConnectionSource {
    private static final Set<String> CALLS = Set.of(
            "execute",
            "executeQuery",
            "executeUpdate",
            "executeBatch",
            "prepareStatement",
            "createStatement",
            "commit",
            "rollback",
            "setAutoCommit",
            "setTransactionIsolation",
            "next");
    private static final int DISK_ERROR = 10;
    private static final String CONNECTION_LOST = "08006";

    private final GroupCommit.ConnectionSource real;
    private final Deque<Connection> idle = new ArrayDeque<>();
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

    private static SQLException scripted() {
        return new SQLException("scripted", CONNECTION_LOST, DISK_ERROR);
    }

    @Override
    public Connection open() throws SQLException {
        boolean fails = fails();
        if (fails && !after) {
            throw scripted();
        }
        Connection connection = real.open();
        if (fails) {
            connection.close();
            throw scripted();
        }
        return wrap(Connection.class, connection);
    }

    /** As a pool does it: a connection that is given back in order is lent again. */
    @Override
    public Connection getConnection() throws SQLException {
        boolean fails = fails();
        if (fails && !after) {
            throw scripted();
        }
        Connection connection = idle.isEmpty() ? real.open() : idle.pop();
        if (fails) {
            idle.push(connection);
            throw scripted();
        }
        return type(connection);
    }

    private Connection type(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    if (method.getName().equals("close")) {
                        giveBack(connection);
                        return null;
                    }
                    return call(connection, method, args);
                });
    }

    private void giveBack(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            idle.push(connection);
        } else {
            connection.close(); // whoever had it could not end its transaction
        }
    }

    void closeIdle() throws SQLException {
        while (!idle.isEmpty()) {
            idle.pop().close();
        }
    }

    private <T> T wrap(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> call(target, method, args)));
    }

    private Object call(Object target, Method method, Object[] args) throws Throwable {
        boolean fails = CALLS.contains(method.getName()) && fails();
        if (fails && !after) {
            throw scripted();
        }
        Object result;
        try {
            result = method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (fails) {
            throw scripted();
        }
        if (result instanceof PreparedStatement statement) {
            return wrap(PreparedStatement.class, statement);
        }
        if (result instanceof ResultSet rows) {
            return wrap(ResultSet.class, rows);
        }
        return result instanceof Statement statement ? wrap(Statement.class, statement) : result;
    }
}
