"""The report on a real run, looked at by a real browser."""

import html
import html.parser
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from lab import Lab, program

LABEL = "<img src=//evil.example/x onerror=alert(1)> & \"quoted\""
BROWSER = [shutil.which("chromium") or shutil.which("chromium-browser") or "chromium",
           "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
           "--disable-background-networking", "--disable-component-update",
           "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"]
WIDTHS = (320, 390, 768, 1200)

# A page around the report: a frame is as wide as it is told to be, which a browser window is not.
FRAMES = """<!doctype html><body>{frames}
<script>
const measure = frame => {{
    const seen = frame.contentDocument;
    const shown = [...seen.querySelectorAll("svg")].filter(one => one.getBoundingClientRect().width);
    const letters = shown.flatMap(one => [...one.querySelectorAll("text")].map(
        () => 12 * one.getBoundingClientRect().width / one.viewBox.baseVal.width));
    return {{
        width: seen.documentElement.clientWidth, needed: seen.documentElement.scrollWidth,
        pictures: shown.length, letters: Math.min(...letters),
        requests: frame.contentWindow.performance.getEntriesByType("resource").length}};
}};
onload = () => {{
    document.body.dataset.result = JSON.stringify([...document.querySelectorAll("iframe")].map(measure));
}};
</script>
"""
FRAME = '<iframe src="report.html" style="border:0;width:{}px;height:900px"></iframe>'


class Outline(html.parser.HTMLParser):
    """Every tag with its attributes, and the text."""

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


class Report(unittest.TestCase):
    words = ("A silent connection is forgotten after", "Recommended settings",
             "tcp_keepalive_idle", "How connections died", "Timeline of the run",
             "Uploads and downloads", "Quality of the path", "Evidence", "Method and caveats",
             "Raw numbers")

    @classmethod
    def measure(cls, lab):
        prober = lab.prober(lab.echo_server(), "--min-idle", "1s", "--max-idle", "30s",
                            "--label", LABEL)
        assert prober.wait(at_most=60) == 0, prober.complaints()

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="deadair-report-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        with Lab("strict", 4) as lab:
            cls.measure(lab)
            cls.page = subprocess.run(
                [program("deadair-analysis"), "report", "--db", lab.file("results.db"),
                 "--format", "html"], check=True, capture_output=True, text=True).stdout
        cls.write("report.html", cls.page)
        cls.shown = Outline(cls.browse("report.html"))
        cls.write("frames.html", FRAMES.format(frames="".join(map(FRAME.format, WIDTHS))))
        seen = cls.browse("frames.html", "--allow-file-access-from-files")
        found = re.search(r'data-result="([^"]*)"', seen)
        assert found, seen
        cls.measured = json.loads(html.unescape(found.group(1)))

    @classmethod
    def write(cls, name, text):
        with open(os.path.join(cls.folder, name), "w") as file:
            file.write(text)

    @classmethod
    def browse(cls, name, *options):
        """The page as the browser made it of the file, after its scripts ran."""
        with tempfile.TemporaryDirectory(prefix="deadair-browser-") as profile:
            done = subprocess.run(
                [*BROWSER, f"--user-data-dir={profile}", *options, "--virtual-time-budget=5000",
                 "--dump-dom", f"file://{cls.folder}/{name}"],
                capture_output=True, text=True, timeout=90)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def test_a_browser_shows_the_answer_and_every_part(self):
        for words in self.words:
            self.assertIn(words, self.shown.text)
        self.assertIn(LABEL, self.shown.text)

    def test_nothing_is_asked_for_from_outside(self):
        tags = self.shown.tags
        names = {name for name, _ in tags}
        self.assertFalse(names & {"img", "script", "iframe", "object", "embed", "form", "base"})
        for name, attributes in tags:
            for key in ("src", "srcset", "href", "action", "data", "xlink:href"):
                self.assertIn(attributes.get(key, "data:,"), ("data:,",), (name, attributes))
            self.assertFalse([key for key in attributes if key.startswith("on")], attributes)
        self.assertNotRegex(self.page, r"url\(|@import")
        self.assertIn("content=\"default-src 'none';", self.page)
        self.assertEqual([each["requests"] for each in self.measured], [0] * len(WIDTHS))

    def test_it_fits_a_telephone_and_a_desk_with_letters_that_can_be_read(self):
        for width, seen in zip(WIDTHS, self.measured, strict=True):
            with self.subTest(width=width):
                self.assertEqual(seen["width"], width)
                self.assertLessEqual(seen["needed"], width)
                self.assertGreaterEqual(seen["pictures"], 2)
                self.assertGreaterEqual(seen["letters"], 8)

    def test_pictures_have_words_for_who_cannot_see_them(self):
        pictures = re.findall(r"<svg .*?</svg>", self.page, re.DOTALL)
        self.assertGreaterEqual(len(pictures), 4)
        for picture in pictures:
            self.assertRegex(picture, r'role="img" aria-labelledby="\S+ \S+"')
            self.assertRegex(picture, r"<title id=\S+>[^<]+</title><desc id=\S+>[^<]+</desc>")
        ids = re.findall(r' id="([^"]+)"', self.page)
        self.assertEqual(len(ids), len(set(ids)))


class UploadsReport(Report):
    """The same of a file in which nothing but uploads and evidence is."""

    words = ("uploads and downloads on living connections completed", "write_timeout",
             "Goodput: how fast the bytes arrived", "how long a transfer hung",
             "the kernel gives up after", "Method and caveats")

    @classmethod
    def measure(cls, lab):
        server = lab.echo_server()
        prober = lab.prober(server, "--transport", "tls", "--sizes", "64kB,2MB",
                            "--assume-timeout", "4s", "--user-timeout", "1s", "--socket-timeout",
                            "2s", "--give-up-after", "3s", "--label", LABEL, command="uploads")
        assert prober.wait(at_most=60) == 0, prober.complaints()
        later = lab.prober(server, "--evidence-for", "0s", command="evidence")
        assert later.wait(at_most=60) == 0, later.complaints()


if __name__ == "__main__":
    unittest.main()
