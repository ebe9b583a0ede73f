# Each target sets itself up: a fresh clone needs Python 3.11 or newer, git and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := $(VENV)/.peers

.PHONY: help demo test test-full bench bench-quick lint format words pages clean

help:
	@echo "make demo       试算示例市 2025 年度（首次运行自动建立环境）"
	@echo "make test       运行测试"
	@echo "make test-full  运行全部测试，含费时的部分"
	@echo "make bench      与同类各方比时间和对错，写进 bench/RESULTS.md（约二十分钟，内存 16 GiB）"
	@echo "make bench-quick 同上，少量一些，三分钟以内，不写文件"
	@echo "make lint       ruff 与 mypy --strict"
	@echo "make format     ruff 排版"
	@echo "make words      由 keywords.yaml 和各条款的格式重新生成 grammar/words.lark，由语法文件和 keywords.yaml 重新生成 grammar/tables.json、grammar/keywords.json"
	@echo "make pages      重新生成 docs/problems、写法对照、手册里的用语表"

$(READY): pyproject.toml constraints.txt
	@{ command -v uv >/dev/null 2>&1 \
		&& uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) \
		&& uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[dev]'; } \
	|| { $(PYTHON) -m venv $(VENV) \
		&& $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'; }
	@touch $@

demo: $(READY)
	@$(BIN)/python -m perfdsl demo

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not full"

test-full: $(READY)
	PERFDSL_RANDOM=1 $(BIN)/python -m pytest -n auto --dist worksteal

# A peer that cannot be installed here is left out one by one; the results say so.
$(PEERS): $(READY)
	@$(BIN)/python bench/install.py
	@touch $@

bench: $(PEERS)
	$(BIN)/python bench

bench-quick: $(PEERS)
	$(BIN)/python bench --quick

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

words: $(READY)
	$(BIN)/python -m perfdsl.tools.generate words tables

pages: $(READY)
	$(BIN)/python -m perfdsl.tools.generate pages manual schema

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache dist build
