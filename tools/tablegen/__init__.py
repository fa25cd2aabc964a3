# SPDX-License-Identifier: BSD-2-Clause
"""The table generator's parts: reader, expressions, loader, emitter."""
