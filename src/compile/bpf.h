/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Classic BPF beyond what our own compiler emits: the parts that instruction
 * codes are made of, for the checker, the interpreter and the listing, which take
 * programs that other tools made.
 */
#ifndef PAP_COMPILE_BPF_H
#define PAP_COMPILE_BPF_H

#include <stdbool.h>

#include "uapi/seccomp.h"

/* class: the lowest three bits */
#define PAP_BPF_C_LD 0x00
#define PAP_BPF_C_LDX 0x01
#define PAP_BPF_C_ST 0x02
#define PAP_BPF_C_STX 0x03
#define PAP_BPF_C_ALU 0x04
#define PAP_BPF_C_JMP 0x05
#define PAP_BPF_C_RET 0x06
#define PAP_BPF_C_MISC 0x07
#define PAP_BPF_CLASS(code) ((code) & 0x07)

/* loads: where from */
#define PAP_BPF_M_IMM 0x00
#define PAP_BPF_M_ABS 0x20
#define PAP_BPF_M_MEM 0x60
#define PAP_BPF_M_LEN 0x80

/* ALU and jumps: operation and operand */
#define PAP_BPF_OP(code) ((code) & 0xf0)
#define PAP_BPF_O_ADD 0x00
#define PAP_BPF_O_SUB 0x10
#define PAP_BPF_O_MUL 0x20
#define PAP_BPF_O_DIV 0x30
#define PAP_BPF_O_OR 0x40
#define PAP_BPF_O_AND 0x50
#define PAP_BPF_O_LSH 0x60
#define PAP_BPF_O_RSH 0x70
#define PAP_BPF_O_NEG 0x80
#define PAP_BPF_O_XOR 0xa0
#define PAP_BPF_J_JA 0x00
#define PAP_BPF_J_JEQ 0x10
#define PAP_BPF_J_JGT 0x20
#define PAP_BPF_J_JGE 0x30
#define PAP_BPF_J_JSET 0x40
#define PAP_BPF_X 0x08 /* operand is the index register, else k */

#define PAP_BPF_RET_A (PAP_BPF_C_RET | 0x10)
#define PAP_BPF_TAX (PAP_BPF_C_MISC | 0x00)
#define PAP_BPF_TXA (PAP_BPF_C_MISC | 0x80)

#define PAP_BPF_MEMORY 16 /* words of scratch memory */

/* Whether seccomp knows this code at all (bpf_check.c). */
bool pap_bpf_known(uint16_t code);

static inline bool pap_bpf_conditional(uint16_t code)
{
	return PAP_BPF_CLASS(code) == PAP_BPF_C_JMP && PAP_BPF_OP(code) != PAP_BPF_J_JA;
}

#endif
