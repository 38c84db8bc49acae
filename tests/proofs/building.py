"""The small programs of the proofs, built where they must be, with the pasted text in them."""

import os
import subprocess

import servers

CLIENTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clients")
JARS = {"Okhttp.java": ("okhttp", "okio"), "Hikari.java": ("HikariCP", "postgresql", "slf4j-api", "slf4j-nop")}
GO_WITHOUT = """package main

import (
	"net"
	"net/http"
)

var Transport = &http.Transport{DialContext: (&net.Dialer{}).DialContext}
"""
JAVA_WITHOUT = """final class KeepBinding {
    static okhttp3.OkHttpClient client() { return new okhttp3.OkHttpClient(); }
}
"""


def in_folder(lab, name, files, *command, **more):
    """Builds in a folder of its own; what went wrong is in the exception's stderr."""
    folder = lab.file(name)
    os.mkdir(folder)
    for file_name, words in files.items():
        servers.write(lab, os.path.join(name, file_name), words)
    subprocess.run(command, check=True, cwd=folder, capture_output=True, text=True, **more)
    return folder


def c(proof, lab, text, name, path):
    folder = in_folder(lab, name, {"pasted.h": f"#define PASTED\n{text}" if text else ""},
                       "cc", "-I.", "-o", "program", path, *(["-lcurl"] if "curl" in proof.program else []))
    return [os.path.join(folder, "program")]


def go(proof, lab, text, name, path):
    pasted = text.replace("package keepbinding", "package main") if text else GO_WITHOUT
    with open(path) as file:
        files = {"pasted.go": pasted, "go.mod": "module proof\n\ngo 1.19\n", "main.go": file.read()}
    folder = in_folder(lab, name, files, servers.need("go"), "build", "-o", "program", ".",
                       env={**os.environ, "GOCACHE": lab.file("go-cache"), "GOFLAGS": "-mod=mod", "GOPROXY": "off"})
    return [os.path.join(folder, "program")]


def java(proof, lab, text, name, path):
    jars = [f"/usr/share/java/{each}.jar" for each in JARS[proof.program]]
    for jar in jars:
        if not os.path.exists(jar):
            raise servers.Missing(jar)
    # A class in the text is built with the program; properties are given to it.
    files = {"KeepBinding.java": text or JAVA_WITHOUT} if proof.suffix == ".java" else {}
    folder = in_folder(lab, name, files, servers.need("javac"), "-cp", ":".join(jars), "-d", ".", path, *files)
    return [servers.need("java"), "-Xmx128m", "-cp", ":".join([*jars, folder]), proof.program.removesuffix(".java")]


def command_for(proof, ground, text, name):
    """The program on the client, and the file with the pasted text."""
    lab = ground.lab
    path = os.path.join(CLIENTS, proof.program)
    pasted = servers.write(lab, name + proof.suffix, text) if text and not proof.pasted_into else "-"
    if proof.prepare:
        build = {"c": c, "go": go, "java": java}[proof.prepare]
        return [*build(proof, lab, text, name, path), pasted]
    interpreter = [servers.need("node")] if proof.program.endswith(".js") else [servers.PYTHON, "-B"]
    return [*interpreter, path, pasted]
