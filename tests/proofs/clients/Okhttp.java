import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/** See proof.py; without a text KeepBinding is that of Without.java. */
final class Okhttp {
    private static long started;

    static void waiting() {
        System.out.println("{\"event\": \"idle\"}");
        started = System.nanoTime();
    }

    static void silence(double seconds) throws Exception {
        waiting();
        Thread.sleep((long) (seconds * 1000));
        started = System.nanoTime();
    }

    static void get(OkHttpClient client, String url) throws Exception {
        try (Response response = client.newCall(new Request.Builder().url(url).build()).execute()) {
            if (!response.body().string().equals("ok\n")) throw new Exception("another answer");
        }
    }

    /** Says `first`, and after the silence `second` if there is one; `last` must be heard. */
    static void talk(OkHttpClient client, String url, String first, String second, String last, double silence)
            throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        String[] fault = new String[1];
        WebSocket socket = client.newWebSocket(new Request.Builder().url(url).build(), new WebSocketListener() {
            @Override public void onMessage(WebSocket from, String text) {
                if (text.equals(last)) heard.countDown();
            }
            @Override public void onFailure(WebSocket from, Throwable problem, Response response) {
                fault[0] = problem.toString();
                heard.countDown();
            }
        });
        socket.send(first);
        silence(silence);
        if (second != null) socket.send(second);
        if (!heard.await(9, TimeUnit.SECONDS)) throw new Exception("nothing heard");
        if (fault[0] != null) throw new Exception(fault[0]);
    }

    public static void main(String[] given) {
        String mode = given[1];
        String address = given[2] + ":" + given[3];
        double silence = Double.parseDouble(given[4]);
        String end;
        try {
            OkHttpClient client = KeepBinding.client();
            if (mode.equals("reuse")) {
                get(client, "http://" + address + "/fast");
                silence(silence);
                get(client, "http://" + address + "/fast");
            } else if (mode.equals("ws_echo")) {
                talk(client, "ws://" + address + "/", "a", "b", "b", silence);
            } else {
                talk(client, "ws://" + address + "/", "later " + silence, null, "now", silence);
            }
            end = "\"ok\": true";
        } catch (Exception problem) {
            end = "\"ok\": false, \"error\": \"" + problem.toString().replaceAll("[\"\\\\\\n]", " ") + "\"";
        }
        System.out.printf("{\"event\": \"done\", %s, \"took\": %.2f}%n", end, (System.nanoTime() - started) / 1e9);
        System.exit(0);
    }
}
