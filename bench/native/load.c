/*
 * A WebSocket client for many connections, cheap enough not to be what is measured: one thread, epoll, no allocation per
 * message. It knows no protocol above RFC 6455: what each client says is in a file, and what the answers begin with is
 * in the arguments.
 *
 *   load --port N --path /chat/ws --clients FILE [--protocol natter.1] [--handshakes 200]
 *        [--expect PREFIX]… [--ack PREFIX]… [--delivery PREFIX]… [--refusal PREFIX]
 *
 * A line of FILE is one client, in columns that are parted by tabs: source address, one column per --expect (what is sent
 * before that answer is awaited; empty: nothing), and the message that is sent when commands ask for it. In a message
 * {n} is the number of the message of this client, and {n8} the same in eight digits.
 *
 * Commands come on standard input, one a line, and each is answered by one line of JSON:
 *   connect N              the next N clients connect and say what they say before they are ready
 *   exchange N ACTIVE D    each ready client sends N messages, the next when the last is acknowledged and, with D = 1,
 *                          delivered to its neighbour (0 and 1, 2 and 3, …); ACTIVE clients at a time
 *   broadcast N BURST      N times one client after the other sends BURST messages in one write; the next when they are
 *                          acknowledged and delivered to all others
 *   close                  all clients hang up, and connect begins anew with the first
 * It ends with its standard input, and when nothing has moved for 30 seconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_STEPS 8
#define MAX_PREFIXES 4
#define READ_BYTES (1 << 20)
#define SILENCE_MS 30000

struct buffer {
  char *bytes;
  size_t length, capacity;
};
enum state { ABSENT, CONNECTING, UPGRADING, STEPPING, READY };
struct client {
  int fd;
  enum state state;
  int step;
  char *source, *steps[MAX_STEPS], *message;
  struct buffer in, out;
  /* Messages sent in all, left to send in this exchange, and what the last one waits for: 1 ack, 2 delivery. */
  uint32_t number, left;
  int waiting;
};
struct prefix {
  const char *text;
  size_t length;
};

static int port, handshakes = 200;
static const char *path = "/", *protocol;
static struct prefix expects[MAX_STEPS], acks[MAX_PREFIXES], deliveries[MAX_PREFIXES], refusal;
static int expect_count, ack_count, delivery_count;

static struct client *clients;
static int client_count, started, under_way, ready_count, target;
static int epoll;
static char *read_buffer;

enum task { NONE, CONNECT, EXCHANGE, BROADCAST };
static enum task task;
static uint64_t began, moved;
static uint32_t per_client;
static int next_client, unfinished, want_delivery;
static int rounds, burst, sender;
static long open_acks, open_deliveries;
static long acked, delivered, others;

static uint64_t now_us(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void fail(const char *format, ...) {
  char text[400];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  printf("{\"error\":\"");
  for (const char *at = text; *at; at++) {
    if (*at == '"' || *at == '\\') putchar('\\');
    putchar((unsigned char)*at < 32 ? ' ' : *at);
  }
  printf("\"}\n");
  fflush(stdout);
  exit(1);
}

static void done(const char *what) {
  printf("{\"done\":\"%s\",\"ready\":%d,\"acked\":%ld,\"delivered\":%ld,\"others\":%ld,\"us\":%llu}\n", what, ready_count,
         acked, delivered, others, (unsigned long long)(now_us() - began));
  fflush(stdout);
  task = NONE;
}

static void append(struct buffer *buffer, const char *bytes, size_t length) {
  if (buffer->length + length > buffer->capacity) {
    size_t capacity = buffer->capacity ? buffer->capacity : 512;
    while (capacity < buffer->length + length) capacity *= 2;
    buffer->bytes = realloc(buffer->bytes, capacity);
    if (!buffer->bytes) fail("out of memory");
    buffer->capacity = capacity;
  }
  memcpy(buffer->bytes + buffer->length, bytes, length);
  buffer->length += length;
}

static void drop(struct buffer *buffer) {
  free(buffer->bytes);
  memset(buffer, 0, sizeof *buffer);
}

static void watch(struct client *client, int operation) {
  int pending = client->out.length > 0 || client->state == CONNECTING;
  struct epoll_event event = {.events = EPOLLIN | (pending ? EPOLLOUT : 0), .data.ptr = client};
  if (epoll_ctl(epoll, operation, client->fd, &event) < 0) fail("epoll_ctl: %s", strerror(errno));
}

static int index_of(struct client *client) { return (int)(client - clients); }

/* Writes what it can at once, and the rest when the socket takes it. */
static void put(struct client *client, const char *bytes, size_t length) {
  if (client->out.length == 0 && client->state != CONNECTING) {
    ssize_t written = send(client->fd, bytes, length, MSG_NOSIGNAL);
    if (written < 0) {
      if (errno != EAGAIN) fail("client %d: send: %s", index_of(client), strerror(errno));
      written = 0;
    }
    if ((size_t)written == length) return;
    append(&client->out, bytes + written, length - written);
    watch(client, EPOLL_CTL_MOD);
    return;
  }
  append(&client->out, bytes, length);
}

static void flush_out(struct client *client) {
  if (client->out.length > 0) {
    ssize_t written = send(client->fd, client->out.bytes, client->out.length, MSG_NOSIGNAL);
    if (written < 0) {
      if (errno != EAGAIN) fail("client %d: send: %s", index_of(client), strerror(errno));
      return;
    }
    client->out.length -= written;
    memmove(client->out.bytes, client->out.bytes + written, client->out.length);
  }
  if (client->out.length == 0) {
    drop(&client->out);
    watch(client, EPOLL_CTL_MOD);
  }
}

/* A masked frame in one piece (RFC 6455 §5.2, §5.3). Gives where it ends. */
static size_t frame(char *to, int opcode, const char *payload, size_t length) {
  static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
  size_t at = 0;
  to[at++] = (char)(0x80 | opcode);
  if (length < 126) {
    to[at++] = (char)(0x80 | length);
  } else if (length < 65536) {
    to[at++] = (char)(0x80 | 126);
    to[at++] = (char)(length >> 8);
    to[at++] = (char)length;
  } else {
    to[at++] = (char)(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) to[at++] = (char)((uint64_t)length >> shift);
  }
  memcpy(to + at, mask, 4);
  at += 4;
  for (size_t i = 0; i < length; i++) to[at + i] = (char)(payload[i] ^ mask[i & 3]);
  return at + length;
}

static void put_frame(struct client *client, int opcode, const char *payload, size_t length) {
  char small[4096];
  char *to = length + 14 <= sizeof small ? small : malloc(length + 14);
  if (!to) fail("out of memory");
  size_t size = frame(to, opcode, payload, length);
  put(client, to, size);
  if (to != small) free(to);
}

/* The client's next message, with its number filled in, as a frame at `to`. */
static size_t next_message(struct client *client, char *to, size_t room) {
  static char text[1 << 17];
  size_t length = 0;
  for (const char *at = client->message; *at;) {
    if (length + 16 > sizeof text) fail("a message is longer than %zu bytes", sizeof text);
    if (strncmp(at, "{n}", 3) == 0) {
      length += sprintf(text + length, "%u", client->number);
      at += 3;
    } else if (strncmp(at, "{n8}", 4) == 0) {
      length += sprintf(text + length, "%08u", client->number);
      at += 4;
    } else {
      text[length++] = *at++;
    }
  }
  if (length + 14 > room) fail("a burst is longer than %zu bytes", room);
  client->number++;
  return frame(to, 1, text, length);
}

static void send_messages(struct client *client, int count) {
  static char frames[1 << 20];
  size_t length = 0;
  for (int i = 0; i < count; i++) length += next_message(client, frames + length, sizeof frames - length);
  put(client, frames, length);
}

static void connect_more(void);

static void advance(struct client *client) {
  while (client->state == STEPPING) {
    if (client->step == expect_count) {
      client->state = READY;
      ready_count++;
      under_way--;
      if (task == CONNECT && ready_count == target) done("connect");
      else connect_more();
      return;
    }
    const char *say = client->steps[client->step];
    if (*say) put_frame(client, 1, say, strlen(say));
    return;
  }
}

static void start(struct client *client) {
  client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (client->fd < 0) fail("socket: %s", strerror(errno));
  int on = 1;
  setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  /* The port is chosen at connect, so that addresses do not run out of them. */
  setsockopt(client->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, client->source, &from.sin_addr) != 1) fail("\"%s\" is no address", client->source);
  if ((ntohl(from.sin_addr.s_addr) >> 24) != 127) fail("\"%s\" is not on loopback", client->source);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(client->fd, (struct sockaddr *)&from, sizeof from) < 0) fail("bind %s: %s", client->source, strerror(errno));
  client->state = CONNECTING;
  client->step = 0;
  client->waiting = 0;
  if (connect(client->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS)
    fail("connect: %s", strerror(errno));
  watch(client, EPOLL_CTL_ADD);
}

static void connect_more(void) {
  while (started < target && under_way < handshakes) {
    under_way++;
    start(&clients[started++]);
  }
}

static void upgrade(struct client *client) {
  char request[512];
  int length = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s\r\n",
                        path, port, protocol ? "Sec-WebSocket-Protocol: " : "", protocol ? protocol : "",
                        protocol ? "\r\n" : "");
  client->state = UPGRADING;
  put(client, request, length);
  if (client->out.length == 0) watch(client, EPOLL_CTL_MOD);
}

static int begins(const struct prefix *prefixes, int count, const char *text, size_t length) {
  for (int i = 0; i < count; i++) {
    if (length >= prefixes[i].length && memcmp(text, prefixes[i].text, prefixes[i].length) == 0) return 1;
  }
  return 0;
}

static void begin_next(void) {
  while (next_client < client_count && clients[next_client].state != READY) next_client++;
  if (next_client >= client_count) return;
  struct client *client = &clients[next_client++];
  client->left = per_client;
  client->waiting = want_delivery ? 3 : 1;
  client->left--;
  send_messages(client, 1);
}

static void settled(struct client *client, int what) {
  if (!(client->waiting & what)) return;
  client->waiting &= ~what;
  if (client->waiting) return;
  if (client->left > 0) {
    client->left--;
    client->waiting = want_delivery ? 3 : 1;
    send_messages(client, 1);
  } else {
    if (--unfinished == 0) done("exchange");
    else begin_next();
  }
}

static void next_round(void) {
  if (rounds-- == 0) {
    done("broadcast");
    return;
  }
  while (clients[sender % client_count].state != READY) sender++;
  open_acks = burst;
  open_deliveries = (long)burst * (ready_count - 1);
  send_messages(&clients[sender++ % client_count], burst);
}

static void heard(struct client *client, const char *text, size_t length) {
  if (refusal.text && begins(&refusal, 1, text, length))
    fail("client %d was refused: %.*s", index_of(client), (int)(length < 300 ? length : 300), text);
  /* Engine.IO asks for a sign of life by a text frame. */
  if (length == 1 && text[0] == '2') return put_frame(client, 1, "3", 1);
  if (client->state == STEPPING) {
    if (!begins(&expects[client->step], 1, text, length)) {
      others++;
      return;
    }
    client->step++;
    return advance(client);
  }
  if (begins(acks, ack_count, text, length)) {
    acked++;
    if (task == EXCHANGE) settled(client, 1);
    else if (task == BROADCAST && --open_acks == 0 && open_deliveries == 0) next_round();
  } else if (begins(deliveries, delivery_count, text, length)) {
    delivered++;
    if (task == EXCHANGE) settled(&clients[index_of(client) ^ 1], 2);
    else if (task == BROADCAST && --open_deliveries == 0 && open_acks == 0) next_round();
  } else {
    others++;
  }
}

/* Takes whole frames off the front. Gives how many bytes were used. */
static size_t take_frames(struct client *client, const char *bytes, size_t length) {
  size_t used = 0;
  while (client->state >= STEPPING) {
    const unsigned char *at = (const unsigned char *)bytes + used;
    size_t left = length - used, header = 2;
    if (left < 2) break;
    uint64_t size = at[1] & 0x7f;
    if (at[1] & 0x80) fail("client %d: a masked frame from the server", index_of(client));
    if (size == 126) {
      if (left < 4) break;
      size = (uint64_t)at[2] << 8 | at[3];
      header = 4;
    } else if (size == 127) {
      if (left < 10) break;
      size = 0;
      for (int i = 2; i < 10; i++) size = size << 8 | at[i];
      header = 10;
    }
    if (left < header + size) break;
    const char *payload = bytes + used + header;
    used += header + size;
    if ((at[0] & 0x70) || !(at[0] & 0x80)) fail("client %d: a frame with an extension or a fragment", index_of(client));
    switch (at[0] & 0x0f) {
      case 1:
        heard(client, payload, size);
        break;
      case 8:
        fail("the server closed client %d with %d %.*s", index_of(client),
             size >= 2 ? (unsigned char)payload[0] << 8 | (unsigned char)payload[1] : 1005,
             size > 2 ? (int)size - 2 : 0, payload + 2);
        break;
      case 9:
        put_frame(client, 10, payload, size);
        break;
      default:
        others++;
    }
  }
  return used;
}

static size_t take(struct client *client, const char *bytes, size_t length) {
  size_t used = 0;
  if (client->state == UPGRADING) {
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return 0;
    if (length < 12 || memcmp(bytes, "HTTP/1.1 101", 12) != 0)
      fail("client %d was not upgraded: %.*s", index_of(client), (int)(length < 300 ? length : 300), bytes);
    used = end + 4 - bytes;
    client->state = STEPPING;
    advance(client);
  }
  return used + take_frames(client, bytes + used, length - used);
}

static void readable(struct client *client) {
  ssize_t length = recv(client->fd, read_buffer, READ_BYTES, 0);
  if (length < 0) {
    if (errno == EAGAIN) return;
    fail("client %d: recv: %s", index_of(client), strerror(errno));
  }
  if (length == 0) fail("the server hung up on client %d", index_of(client));
  if (client->in.length == 0) {
    size_t used = take(client, read_buffer, length);
    if (used < (size_t)length) append(&client->in, read_buffer + used, length - used);
    return;
  }
  append(&client->in, read_buffer, length);
  size_t used = take(client, client->in.bytes, client->in.length);
  client->in.length -= used;
  memmove(client->in.bytes, client->in.bytes + used, client->in.length);
  if (client->in.length == 0) drop(&client->in);
}

static void hang_up(void) {
  for (int i = 0; i < started; i++) {
    close(clients[i].fd);
    clients[i].state = ABSENT;
    drop(&clients[i].in);
    drop(&clients[i].out);
  }
  started = ready_count = under_way = target = 0;
}

static void command(char *line) {
  int a = 0, b = 0, c = 0;
  if (task != NONE) fail("\"%s\" came before the last command was done", line);
  acked = delivered = others = 0;
  began = moved = now_us();
  if (sscanf(line, "connect %d", &a) == 1) {
    if (a < 1 || started + a > client_count) fail("there are %d clients", client_count);
    task = CONNECT;
    target = started + a;
    connect_more();
  } else if (sscanf(line, "exchange %d %d %d", &a, &b, &c) == 3) {
    if (a < 1 || b < 1 || ready_count == 0) fail("\"%s\" makes no sense now", line);
    task = EXCHANGE;
    per_client = a;
    want_delivery = c;
    unfinished = ready_count;
    next_client = 0;
    for (int i = 0; i < b; i++) begin_next();
  } else if (sscanf(line, "broadcast %d %d", &a, &b) == 2) {
    if (a < 1 || b < 1 || ready_count < 2) fail("\"%s\" makes no sense now", line);
    task = BROADCAST;
    rounds = a;
    burst = b;
    next_round();
  } else if (strcmp(line, "close") == 0) {
    hang_up();
    done("close");
  } else {
    fail("unknown command \"%s\"", line);
  }
}

static void commands(void) {
  static char text[256];
  static size_t length;
  ssize_t got = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
  if (got == 0 || (got < 0 && errno != EAGAIN)) exit(0);
  if (got > 0) length += got;
  text[length] = 0;
  for (char *end; (end = strchr(text, '\n'));) {
    *end = 0;
    command(text);
    length -= end + 1 - text;
    memmove(text, end + 1, length + 1);
  }
}

static void read_clients(const char *file) {
  FILE *input = fopen(file, "r");
  if (!input) fail("%s: %s", file, strerror(errno));
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  int capacity = 0;
  while ((length = getline(&line, &room, input)) > 0) {
    if (line[length - 1] == '\n') line[length - 1] = 0;
    if (client_count == capacity) {
      capacity = capacity ? capacity * 2 : 1024;
      clients = realloc(clients, capacity * sizeof *clients);
      if (!clients) fail("out of memory");
    }
    struct client *client = &clients[client_count++];
    memset(client, 0, sizeof *client);
    char *rest = strdup(line);
    client->source = strsep(&rest, "\t");
    for (int i = 0; i < expect_count; i++) client->steps[i] = strsep(&rest, "\t");
    client->message = rest ? strsep(&rest, "\t") : "";
    if (expect_count > 0 && !client->steps[expect_count - 1]) fail("client %d has too few columns", client_count - 1);
  }
  free(line);
  fclose(input);
}

static void add(struct prefix *prefixes, int *count, int most, const char *text) {
  if (*count == most) fail("too many prefixes");
  prefixes[(*count)++] = (struct prefix){text, strlen(text)};
}

int main(int argc, char **argv) {
  const char *file = NULL;
  for (int i = 1; i + 1 < argc; i += 2) {
    const char *name = argv[i], *value = argv[i + 1];
    if (!strcmp(name, "--port")) port = atoi(value);
    else if (!strcmp(name, "--path")) path = value;
    else if (!strcmp(name, "--protocol")) protocol = value;
    else if (!strcmp(name, "--clients")) file = value;
    else if (!strcmp(name, "--handshakes")) handshakes = atoi(value);
    else if (!strcmp(name, "--expect")) add(expects, &expect_count, MAX_STEPS, value);
    else if (!strcmp(name, "--ack")) add(acks, &ack_count, MAX_PREFIXES, value);
    else if (!strcmp(name, "--delivery")) add(deliveries, &delivery_count, MAX_PREFIXES, value);
    else if (!strcmp(name, "--refusal")) refusal = (struct prefix){value, strlen(value)};
    else fail("unknown argument %s", name);
  }
  if (!file || port < 1 || handshakes < 1) fail("--port and --clients are needed");
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  read_clients(file);
  read_buffer = malloc(READ_BYTES);
  epoll = epoll_create1(0);
  fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
  struct epoll_event input = {.events = EPOLLIN, .data.ptr = NULL};
  if (!read_buffer || epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &input) < 0)
    fail("epoll: %s", strerror(errno));
  static struct epoll_event events[1024];
  for (;;) {
    int count = epoll_wait(epoll, events, 1024, 1000);
    if (count < 0 && errno != EINTR) fail("epoll_wait: %s", strerror(errno));
    for (int i = 0; i < count; i++) {
      struct client *client = events[i].data.ptr;
      if (!client) {
        commands();
        /* A command may have closed what later events are about. */
        break;
      }
      moved = now_us();
      if (client->state == CONNECTING && (events[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP))) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error) fail("client %d: connect: %s", index_of(client), strerror(error));
        upgrade(client);
      } else if (events[i].events & EPOLLOUT) {
        flush_out(client);
      }
      if (events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) readable(client);
    }
    if (task != NONE && now_us() - moved > SILENCE_MS * 1000ull)
      fail("nothing moved for %d s: %d ready, %ld acknowledged, %ld delivered", SILENCE_MS / 1000, ready_count, acked,
           delivered);
  }
}
