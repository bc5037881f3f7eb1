import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;

/**
 * Sends each request of its input by one of the JDK's clients, and prints what a program gets of the reply.
 *
 * A line of the input: client, URL, authorization and body, the last two in base64. A line of the output: the HTTP
 * status and the reply's body in base64, or `none` and the name of the exception.
 */
public class ReadReplies {
  private static final HttpClient asking = HttpClient.newBuilder()
      .followRedirects(HttpClient.Redirect.NORMAL)
      .authenticator(new Authenticator() {
        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
          return new PasswordAuthentication("somebody", "something".toCharArray());
        }
      })
      .build();

  public static void main(String[] arguments) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] parts = line.split(" ", -1);
      String authorization = new String(decoded(parts[2]));
      try {
        System.out.println(reply(parts[0], parts[1], authorization, decoded(parts[3])));
      } catch (Exception failure) {
        System.out.println("none " + failure.getClass().getName());
      }
    }
  }

  private static String reply(String client, String url, String authorization, byte[] body) throws Exception {
    switch (client) {
      case "fixed-length":
      case "chunked":
        return streaming(client.equals("chunked"), url, authorization, body);
      case "authenticator":
        return withAuthenticator(url, authorization, body);
      default:
        throw new IllegalArgumentException(client);
    }
  }

  private static String streaming(boolean chunked, String url, String authorization, byte[] body) throws Exception {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    if (!authorization.isEmpty()) connection.setRequestProperty("Authorization", authorization);
    if (chunked) connection.setChunkedStreamingMode(0);
    else connection.setFixedLengthStreamingMode(body.length);
    connection.getOutputStream().write(body);
    connection.getOutputStream().close();
    int status = connection.getResponseCode();
    try (InputStream read = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return line(status, read.readAllBytes());
    }
  }

  private static String withAuthenticator(String url, String authorization, byte[] body) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (!authorization.isEmpty()) request.header("Authorization", authorization);
    HttpResponse<byte[]> response = asking.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return line(response.statusCode(), response.body());
  }

  private static String line(int status, byte[] body) {
    return status + " " + Base64.getEncoder().encodeToString(body);
  }

  private static byte[] decoded(String text) {
    return Base64.getDecoder().decode(text);
  }
}
