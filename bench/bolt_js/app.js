// A hello-world as Bolt for JavaScript documents it: one command, acknowledged.
// node app.js PORT SLACK_API_URL SECRET TOKEN   (after: npm install --prefix bench/bolt_js @slack/bolt)
const { App } = require("@slack/bolt");

const [port, slackApiUrl, signingSecret, token] = process.argv.slice(2);
const app = new App({ token, signingSecret, clientOptions: { slackApiUrl } });
app.command("/checkin", async ({ ack }) => ack("Hello"));
app.start({ port: Number(port), host: "127.0.0.1" });
