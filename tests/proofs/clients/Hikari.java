import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.Properties;
import java.io.FileReader;

/** See proof.py. The pasted text is a file of properties. */
final class Hikari {
    public static void main(String[] given) throws Exception {
        Properties words = new Properties();
        if (!given[0].equals("-")) words.load(new FileReader(given[0]));
        words.setProperty("dataSourceClassName", "org.postgresql.ds.PGSimpleDataSource");
        words.setProperty("dataSource.serverName", given[2]);
        words.setProperty("dataSource.portNumber", given[3]);
        words.setProperty("dataSource.user", "postgres");
        words.setProperty("dataSource.databaseName", "postgres");
        words.setProperty("maximumPoolSize", "1");
        long started = System.nanoTime();
        String end;
        try (Connection connection = new HikariDataSource(new HikariConfig(words)).getConnection()) {
            System.out.println("{\"event\": \"idle\"}");
            started = System.nanoTime();
            ResultSet answer = connection.createStatement().executeQuery("SELECT 3 FROM pg_sleep(" + given[4] + ")");
            answer.next();
            end = "\"ok\": " + (answer.getInt(1) == 3);
        } catch (Exception problem) {
            end = "\"ok\": false, \"error\": \"" + problem.toString().replaceAll("[\"\\\\\\n]", " ") + "\"";
        }
        System.out.printf("{\"event\": \"done\", %s, \"took\": %.2f}%n", end, (System.nanoTime() - started) / 1e9);
        System.exit(0);
    }
}
