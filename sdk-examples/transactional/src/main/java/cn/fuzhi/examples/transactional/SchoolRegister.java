package cn.fuzhi.examples.transactional;

import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.outbox.Outbox;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Keeps the schools of a county in its own database and reports them to the province from the same transaction. */
public final class SchoolRegister implements AutoCloseable {
    private static final String SAVE =
            "INSERT INTO school (code, name) VALUES (?, ?) ON CONFLICT (code) DO UPDATE SET name = excluded.name";

    private final DataSource database;
    private final Outbox outbox;

    /**
     * Opens the register. The tables of the outbox are made in the county's database when they are absent.
     *
     * @param database the county's pool of connections; PostgreSQL here, MySQL and MariaDB work the same
     * @param client how the province is reached
     */
    public SchoolRegister(DataSource database, FuzhiClient client) {
        this.database = database;
        this.outbox = Outbox.builder().client(client).dataSource(database).build();
    }

    /**
     * Saves schools: the rows and the report are committed together, or neither is. The province is not asked here; it may be away
     * for a week.
     *
     * @param schools the schools
     * @throws SQLException if the database fails; nothing was saved
     */
    public void save(List<School> schools) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                outbox.enqueue(connection, schools);
                insert(connection, schools);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private static void insert(Connection connection, List<School> schools) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(SAVE)) {
            for (School school : schools) {
                insert.setString(1, school.schoolCode());
                insert.setString(2, school.name());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /**
     * Gives access to the outbox, for a health page and for dead letters.
     *
     * @return the outbox
     */
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public void close() {
        outbox.close();
    }
}
