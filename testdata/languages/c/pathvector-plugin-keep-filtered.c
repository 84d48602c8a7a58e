/* Keeps filtered routes for "birdc show route filtered". */
#include <stdio.h>
#include <string.h>

static int answer(const char *key, const char *value)
{
	return printf("{\"jsonrpc\":\"2.0\",\"id\":1,\"%s\":%s}\n", key, value) < 0;
}

/* The method of the request on stdin, for whoever starts it without one. */
static const char *asked(void)
{
	static char line[256], method[32];
	const char *at = fgets(line, sizeof line, stdin) ? strstr(line, "\"method\":\"") : NULL;

	if (at)
		sscanf(at, "\"method\":\"%31[^\"]", method);
	return method;
}

int main(int argc, char **argv)
{
	const char *method = argc > 1 ? argv[1] : asked();

	if (!strcmp(method, "describe"))
		return answer("result", "{\"name\":\"keep-filtered\",\"version\":\"1.0.0\",\"protocols\":[1],"
				"\"reads\":[],\"writes\":[\"/keep-filtered\"]}");
	if (!strcmp(method, "modify"))
		return answer("result", "{\"merge\":{\"keep-filtered\":true}}");
	return answer("error", "{\"code\":-32601,\"message\":\"keep-filtered answers describe and modify\"}");
}
